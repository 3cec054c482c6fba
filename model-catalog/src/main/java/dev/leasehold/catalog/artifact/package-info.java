/** Files of a model: where they come from, and their copies by checksum. */
@NullMarked
package dev.leasehold.catalog.artifact;

import org.jspecify.annotations.NullMarked;
