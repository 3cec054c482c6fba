package dev.leasehold.runner.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph under construction: inputs, weights, nodes in the order they run, outputs. Values are known by name.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>, for the field numbers
 */
final class OnnxGraph {
    /** Operators of the standard, by the version we build for. */
    private static final int STANDARD_VERSION = 21;

    /** ONNX Runtime's own operators. */
    static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 10;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int EXTERNAL = 1;

    /** Element types of tensors. */
    enum ElementType {
        FLOAT(1),
        INT32(6),
        INT64(7);

        private final int code;

        ElementType(int code) {
            this.code = code;
        }
    }

    /** An operator. Standard ones have an empty domain. */
    record Operator(String domain, String name, Map<String, Number> attributes) {
        static Operator standard(String name) {
            return new Operator("", name, Map.of());
        }
    }

    private final Protobuf graph = new Protobuf().text(2, "model");
    private final String weightsFile;
    private int values;

    /** @param weightsFile a file in the model's folder: it must be there, though weights are handed over in memory */
    OnnxGraph(String weightsFile) {
        this.weightsFile = weightsFile;
    }

    /** @param shape a number per axis, or a name where it differs from run to run */
    String input(String name, ElementType type, Object... shape) {
        graph.message(11, value(name, type, shape));
        return name;
    }

    void output(String name, ElementType type, Object... shape) {
        graph.message(12, value(name, type, shape));
    }

    private static Protobuf value(String name, ElementType type, Object... shape) {
        var axes = new Protobuf();
        for (var size : shape) {
            axes.message(
                    1,
                    size instanceof Number number
                            ? new Protobuf().number(1, number.longValue())
                            : new Protobuf().text(2, size.toString()));
        }
        var tensor = new Protobuf().number(1, type.code).message(2, axes);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /** A float tensor whose numbers are handed to the session. */
    String weight(String name, long... shape) {
        var location = new Protobuf().text(1, "location").text(2, weightsFile);
        graph.message(
                5, tensor(name, ElementType.FLOAT, shape).message(13, location).number(14, EXTERNAL));
        return name;
    }

    /** A list of whole numbers, kept in the graph. */
    String constant(String name, long... numbers) {
        var data = ByteBuffer.allocate(numbers.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(numbers);
        graph.message(5, tensor(name, ElementType.INT64, numbers.length).bytes(9, data.array()));
        return name;
    }

    private static Protobuf tensor(String name, ElementType type, long... shape) {
        var tensor = new Protobuf();
        for (var size : shape) {
            tensor.number(1, size);
        }
        return tensor.number(2, type.code).text(8, name);
    }

    /** Adds a node with one output, whose name is returned. */
    String node(Operator operator, String... inputs) {
        var output = operator.name() + "_" + values++;
        node(operator, List.of(inputs), List.of(output));
        return output;
    }

    /** Adds a node. An empty name stands for an input or output that is left out. */
    void node(Operator operator, List<String> inputs, List<String> outputs) {
        var node = new Protobuf();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        node.text(4, operator.name()).text(7, operator.domain());
        operator.attributes().forEach((name, value) -> node.message(5, attribute(name, value)));
        graph.message(1, node);
    }

    private static Protobuf attribute(String name, Number value) {
        var attribute = new Protobuf().text(1, name);
        return value instanceof Float real
                ? attribute.number(2, real).number(20, ATTRIBUTE_FLOAT)
                : attribute.number(3, value.longValue()).number(20, ATTRIBUTE_INT);
    }

    byte[] toBytes() {
        return new Protobuf()
                .number(1, IR_VERSION)
                .text(2, "leasehold")
                .message(7, graph)
                .message(8, operators("", STANDARD_VERSION))
                .message(8, operators(MICROSOFT, 1))
                .toBytes();
    }

    private static Protobuf operators(String domain, int version) {
        return new Protobuf().text(1, domain).number(2, version);
    }
}
