package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.checkpoint.TensorHeader.DataType;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads the header of a safetensors file: eight bytes of length, then JSON, then the numbers.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format</a>
 */
final class SafetensorsHeader {
    private static final int PREFIX_BYTES = 8;

    /** The limit of the format's own implementation. */
    private static final long HEADER_BYTES_MAX = 100_000_000;

    private final String file;
    private final long fileBytes;

    private SafetensorsHeader(String file, long fileBytes) {
        this.file = file;
        this.fileBytes = fileBytes;
    }

    /** The tensors of a file by name. Tensors of a type that is not supported are left out. */
    static Map<String, TensorHeader> read(String file, FileChannel channel) throws IOException {
        return new SafetensorsHeader(file, channel.size()).read(channel);
    }

    private Map<String, TensorHeader> read(FileChannel channel) throws IOException {
        if (fileBytes < PREFIX_BYTES) {
            throw wrong("is too short to be a safetensors file");
        }
        var length =
                bytes(channel, 0, PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > HEADER_BYTES_MAX) {
            throw wrong("is not a safetensors file: its header would have " + Long.toUnsignedString(length) + " bytes");
        }
        if (length > fileBytes - PREFIX_BYTES) {
            throw wrong("is cut off within its header");
        }
        var json = JsonFiles.object(
                "The header of " + file,
                bytes(channel, PREFIX_BYTES, (int) length).array());
        var tensors = new LinkedHashMap<String, TensorHeader>();
        for (var entry : json.properties()) {
            if (!entry.getKey().equals("__metadata__")) {
                tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), PREFIX_BYTES + length));
            }
        }
        return tensors;
    }

    private TensorHeader tensor(String name, JsonNode json, long base) {
        var type = json.path("dtype").asString("");
        if (!DataType.knows(type)) {
            throw wrong("holds " + name + " as " + type + "; supported are F32, F16 and BF16");
        }
        var shape = new long[json.path("shape").size()];
        for (var i = 0; i < shape.length; i++) {
            shape[i] = json.path("shape").path(i).asLong(-1);
        }
        var offsets = json.path("data_offsets");
        var begin = offsets.path(0).asLong(-1);
        var end = offsets.path(1).asLong(-1);
        var header = new TensorHeader(DataType.valueOf(type), shape, base + begin, base + end);
        var elements = header.elements();
        if (begin < 0
                || end < begin
                || elements < 0
                || elements > (end - begin) / header.type().bytes
                || elements * header.type().bytes != end - begin) {
            throw wrong("has a header that contradicts itself about " + name);
        }
        if (end > fileBytes - base) {
            throw wrong("is cut off: " + name + " ends at byte " + (base + end) + ", the file at " + fileBytes);
        }
        return header;
    }

    private static ByteBuffer bytes(FileChannel channel, long position, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("The file ended early.");
            }
        }
        return buffer.flip();
    }

    private ModelException wrong(String what) {
        return new ModelException(file + " " + what + ".");
    }
}
