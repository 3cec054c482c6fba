package dev.leasehold.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Counts the code of all modules: small files and methods are the house style, docs/CONTRIBUTING.md. */
class SizeBudgetTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final int COLUMNS_MAX = 120;
    private static final int PARAMETERS_MAX = 5;

    private static final List<Sized> FILES = new ArrayList<>();
    private static final List<Sized> METHODS = new ArrayList<>();
    private static final List<Sized> PARAMETERS = new ArrayList<>();

    private record Sized(String name, int size) {}

    @BeforeAll
    static void count() throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var units = manager.getJavaFileObjectsFromPaths(sources());
            var task = (JavacTask) compiler.getTask(null, manager, null, List.of(), null, units);
            var trees = Trees.instance(task);
            for (var unit : task.parse()) {
                FILES.add(new Sized(unit.getSourceFile().getName(), lines(unit, unit, trees)));
                new MethodCounter(unit, trees).scan(unit, null);
            }
        }
    }

    @Test
    void filesAreSmall() {
        assertThat(FILES).hasSizeGreaterThan(50);
        assertThat(FILES).filteredOn(file -> file.size() > 400).isEmpty();
        assertThat(percentile95(FILES)).isLessThanOrEqualTo(250);
    }

    @Test
    void methodsAreSmall() {
        assertThat(METHODS).filteredOn(method -> method.size() > 50).isEmpty();
        assertThat(percentile95(METHODS)).isLessThanOrEqualTo(25);
    }

    @Test
    void methodsTakeFewParameters() {
        assertThat(PARAMETERS)
                .filteredOn(method -> method.size() > PARAMETERS_MAX)
                .isEmpty();
    }

    @Test
    void linesFitTheScreen() throws IOException {
        for (var source : sources()) {
            assertThat(Files.readAllLines(source)).as("%s", source).noneMatch(line -> line.length() > COLUMNS_MAX);
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            var roots = modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList();
            var sources = new ArrayList<Path>();
            for (var root : roots) {
                try (var files = Files.walk(root)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            return sources;
        }
    }

    private static int lines(Tree tree, CompilationUnitTree unit, Trees trees) {
        var positions = trees.getSourcePositions();
        var lines = unit.getLineMap();
        long end = positions.getEndPosition(unit, tree);
        return (int) (lines.getLineNumber(end) - lines.getLineNumber(positions.getStartPosition(unit, tree)) + 1);
    }

    private static int percentile95(List<Sized> sized) {
        var sizes = sized.stream().mapToInt(Sized::size).sorted().toArray();
        return sizes[(int) Math.floor(0.95 * (sizes.length - 1))];
    }

    private static final class MethodCounter extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private String type = "";
        private boolean isRecord;

        MethodCounter(CompilationUnitTree unit, Trees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            var outer = type;
            var outerIsRecord = isRecord;
            isRecord = tree.getKind() == Tree.Kind.RECORD;
            type = tree.getSimpleName().isEmpty() ? outer : tree.getSimpleName().toString();
            super.visitClass(tree, null);
            type = outer;
            isRecord = outerIsRecord;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            var name = type + "." + tree.getName();
            if (tree.getBody() != null) {
                METHODS.add(new Sized(name, lines(tree.getBody(), unit, trees)));
            }
            if (!isRecord || !tree.getName().contentEquals("<init>")) {
                PARAMETERS.add(new Sized(name, tree.getParameters().size()));
            }
            return super.visitMethod(tree, null);
        }
    }
}
