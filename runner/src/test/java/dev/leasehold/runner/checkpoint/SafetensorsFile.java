package dev.leasehold.runner.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes safetensors files for tests. */
public final class SafetensorsFile {
    private SafetensorsFile() {}

    /** Writes a header and the bytes after it as they are. */
    public static Path write(Path file, String header, byte[] data) throws IOException {
        var json = header.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json).put(data);
        return Files.write(file, bytes.array());
    }

    /** Writes float tensors with their shapes. */
    public static Path write(Path file, Map<String, long[]> shapes, Map<String, float[]> tensors) throws IOException {
        var entries = new ArrayList<String>();
        var size =
                tensors.values().stream().mapToInt(tensor -> tensor.length * 4).sum();
        var data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (var tensor : tensors.entrySet()) {
            var begin = data.position();
            for (var number : tensor.getValue()) {
                data.putFloat(number);
            }
            entries.add("\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(tensor.getKey(), shape(shapes, tensor.getKey()), begin, data.position()));
        }
        return write(file, "{" + String.join(",", entries) + "}", data.array());
    }

    private static String shape(Map<String, long[]> shapes, String name) {
        return Arrays.stream(Objects.requireNonNull(shapes.get(name)))
                .mapToObj(Long::toString)
                .collect(Collectors.joining(",", "[", "]"));
    }
}
