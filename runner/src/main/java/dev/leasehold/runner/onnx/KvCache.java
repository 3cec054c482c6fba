package dev.leasehold.runner.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.leasehold.runner.checkpoint.LlamaConfig;
import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values of every slot: per layer one block of memory for keys and one for values, {@code [slots, kv heads,
 * context, head size]}. A view shows some neighbouring slots to the graph, as its input and as its output: attention
 * appends in place and nothing is copied.
 */
final class KvCache implements AutoCloseable {
    private static final long ALIGNMENT_BYTES = 64;

    /** The tensors of a range of slots, by the names that the graph has for them. */
    record View(Map<String, OnnxTensor> past, Map<String, OnnxTensor> present) {}

    private record Range(int first, int count) {}

    private final OrtEnvironment environment;
    private final LlamaConfig config;
    private final int contextLength;
    private final long slotBytes;
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> keys = new ArrayList<>();
    private final List<MemorySegment> values = new ArrayList<>();
    private final Map<Range, View> views = new HashMap<>();

    KvCache(OrtEnvironment environment, LlamaConfig config, int slots, int contextLength) {
        this.environment = environment;
        this.config = config;
        this.contextLength = contextLength;
        this.slotBytes = (long) config.kvWidth() * contextLength * Float.BYTES;
        if (slotBytes * slots > Integer.MAX_VALUE) {
            arena.close();
            throw new ModelException("The cache of one layer would need " + slotBytes * slots + " bytes, at most "
                    + Integer.MAX_VALUE + " are possible. Ask for a shorter context or fewer slots.");
        }
        for (var layer = 0; layer < config.layers(); layer++) {
            keys.add(arena.allocate(slotBytes * slots, ALIGNMENT_BYTES));
            values.add(arena.allocate(slotBytes * slots, ALIGNMENT_BYTES));
        }
    }

    View view(int first, int count) throws OrtException {
        var range = new Range(first, count);
        var known = views.get(range);
        if (known != null) {
            return known;
        }
        var made = make(range);
        views.put(range, made);
        return made;
    }

    private View make(Range range) throws OrtException {
        var past = new LinkedHashMap<String, OnnxTensor>();
        var present = new LinkedHashMap<String, OnnxTensor>();
        for (var layer = 0; layer < config.layers(); layer++) {
            var key = slice(keys.get(layer), range);
            var value = slice(values.get(layer), range);
            past.put("past.keys." + layer, key);
            past.put("past.values." + layer, value);
            present.put("present.keys." + layer, key);
            present.put("present.values." + layer, value);
        }
        return new View(past, present);
    }

    private OnnxTensor slice(MemorySegment slots, Range range) throws OrtException {
        var shape = new long[] {range.count(), config.kvHeads(), contextLength, config.headDim()};
        var memory = slots.asSlice(slotBytes * range.first(), slotBytes * range.count());
        return OnnxTensor.createTensor(environment, NativeMemory.buffer(memory), shape, OnnxJavaType.FLOAT);
    }

    @Override
    public void close() {
        views.values().forEach(view -> view.past().values().forEach(OnnxTensor::close));
        arena.close();
    }
}
