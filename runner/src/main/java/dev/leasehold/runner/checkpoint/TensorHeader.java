package dev.leasehold.runner.checkpoint;

import java.util.Arrays;
import java.util.Locale;

/** Where a tensor lies in its file and how it is stored. Offsets count from the start of the file. */
record TensorHeader(DataType type, long[] shape, long begin, long end) {
    /** How numbers are stored, in safetensors' names. */
    enum DataType {
        F32(4),
        F16(2),
        BF16(2);

        final int bytes;

        DataType(int bytes) {
            this.bytes = bytes;
        }

        static boolean knows(String name) {
            return Arrays.stream(values()).anyMatch(type -> type.name().equals(name));
        }

        @Override
        public String toString() {
            return name().toUpperCase(Locale.ROOT);
        }
    }

    long elements() {
        return elements(shape);
    }

    /** -1 if there are more than a long can count. */
    static long elements(long[] shape) {
        var product = 1L;
        for (var size : shape) {
            if (size < 0 || (size > 0 && product > Long.MAX_VALUE / size)) {
                return -1;
            }
            product *= size;
        }
        return product;
    }
}
