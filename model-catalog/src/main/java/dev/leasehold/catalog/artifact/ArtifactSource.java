package dev.leasehold.catalog.artifact;

import dev.leasehold.catalog.model.Model;

/** Where a model's files come from. */
public interface ArtifactSource {
    /**
     * The model's files, with their checksums, on this machine. Blocks while they are copied or read for the first
     * time.
     *
     * @throws SourceException if a file is missing or not readable; the message is for the user
     */
    ModelFiles open(Model model);

    /** A model's files cannot be had. The message says why and is fit for the user. */
    final class SourceException extends RuntimeException {
        public SourceException(String message) {
            super(message);
        }

        public SourceException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
