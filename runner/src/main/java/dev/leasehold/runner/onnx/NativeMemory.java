package dev.leasehold.runner.onnx;

import dev.leasehold.runner.serving.ModelLoader.ModelException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Shows native memory to ONNX Runtime, which takes direct buffers. */
final class NativeMemory {
    private NativeMemory() {}

    static ByteBuffer buffer(MemorySegment memory) {
        if (memory.byteSize() > Integer.MAX_VALUE) {
            throw new ModelException("A tensor of " + memory.byteSize() + " bytes is too large for ONNX Runtime's Java "
                    + "interface, which takes " + Integer.MAX_VALUE + ".");
        }
        return memory.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
