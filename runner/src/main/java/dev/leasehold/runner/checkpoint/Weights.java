package dev.leasehold.runner.checkpoint;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The weights of a checkpoint, of one safetensors file or of several. Its memory is valid until it is closed. */
public final class Weights implements AutoCloseable {
    private record Located(String file, MemorySegment data, TensorHeader header) {}

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final Map<String, Located> tensors = new HashMap<>();

    private Weights() {}

    /**
     * Opens all safetensors files among the files of a model and reads their headers, not yet their numbers.
     *
     * @throws ModelException if there is none, or one is damaged
     */
    public static Weights open(Map<String, Path> files) {
        var shards = new TreeMap<String, Path>();
        files.forEach((name, path) -> {
            if (name.endsWith(".safetensors")) {
                shards.put(name, path);
            }
        });
        ShardIndex.check(files, shards.keySet());
        var weights = new Weights();
        try {
            shards.forEach(weights::addFile);
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void addFile(String name, Path path) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var headers = SafetensorsHeader.read(name, channel);
            var data = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            headers.forEach((tensor, header) -> {
                if (tensors.putIfAbsent(tensor, new Located(name, data, header)) != null) {
                    throw new ModelException(tensor + " is in " + name + " and in another file too.");
                }
            });
        } catch (IOException e) {
            throw new ModelException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Checks that all these tensors are there.
     *
     * @throws ModelException if one is missing or has another shape
     */
    public void require(Map<String, long[]> shapes) {
        shapes.forEach((name, shape) -> {
            var tensor = tensors.get(name);
            if (tensor == null) {
                throw new ModelException("The safetensors files lack " + name + ".");
            }
            if (!Arrays.equals(tensor.header().shape(), shape)) {
                throw new ModelException(name + " in " + tensor.file() + " has the shape "
                        + Arrays.toString(tensor.header().shape()) + "; by config.json it must be "
                        + Arrays.toString(shape) + ".");
            }
        });
    }

    /** The numbers of a required tensor as float32: the mapped file itself where it can be, else a copy. */
    public MemorySegment floats(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException("The safetensors files lack " + name + ".");
        }
        var header = tensor.header();
        var data = tensor.data().asSlice(header.begin(), header.end() - header.begin());
        return switch (header.type()) {
            case F32 -> aligned(data);
            case F16 -> widen(data, header.elements(), Float::float16ToFloat);
            case BF16 -> widen(data, header.elements(), Weights::bfloat16ToFloat);
        };
    }

    private MemorySegment aligned(MemorySegment data) {
        return data.address() % Float.BYTES == 0
                ? data
                : arena.allocate(data.byteSize(), Float.BYTES).copyFrom(data);
    }

    private MemorySegment widen(MemorySegment data, long elements, Widening widening) {
        var wide = arena.allocate(elements * Float.BYTES, Float.BYTES);
        for (var i = 0L; i < elements; i++) {
            wide.setAtIndex(ValueLayout.JAVA_FLOAT, i, widening.toFloat(data.get(SHORT, i * Short.BYTES)));
        }
        return wide;
    }

    private interface Widening {
        float toFloat(short bits);
    }

    private static float bfloat16ToFloat(short bits) {
        return Float.intBitsToFloat(bits << Short.SIZE);
    }

    /** Memory that lives as long as the weights. */
    public MemorySegment allocateFloats(long elements) {
        return arena.allocate(elements * Float.BYTES, Long.BYTES * 8);
    }

    @Override
    public void close() {
        arena.close();
    }
}
