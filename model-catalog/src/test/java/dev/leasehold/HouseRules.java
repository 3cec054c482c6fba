package dev.leasehold;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The rules of docs/CONTRIBUTING.md that can be read off the classes. The ArchitectureTest of each module checks them.
 */
public final class HouseRules {
    private static final String[] ENGINES = {"ai.onnxruntime..", "ai.djl..", "com.hubspot.jinjava.."};

    private HouseRules() {}

    /** All classes of a module, without its tests. */
    public static JavaClasses classesOf(String rootPackage) {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
                .importPackages(rootPackage);
    }

    /** Checks every rule; the first that is broken throws. */
    public static void check(String rootPackage) {
        var classes = classesOf(rootPackage);
        if (classes.isEmpty()) {
            throw new IllegalStateException("No classes were found in " + rootPackage + ".");
        }
        featuresHaveNoCycles(rootPackage).allowEmptyShould(true).check(classes);
        RULES.forEach(rule -> rule.allowEmptyShould(true).check(classes));
    }

    private static ArchRule featuresHaveNoCycles(String rootPackage) {
        return slices().matching(rootPackage + ".(*)..").should().beFreeOfCycles();
    }

    private static final ArchRule RULES_ARE_PURE = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.sql..",
                    "java.util.logging..",
                    "javax.sql..",
                    "org.slf4j..",
                    "org.springframework.."))
            .because("rules decide and do nothing themselves");

    private static final ArchRule NOBODY_READS_THE_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(OffsetDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now")
            .because("time comes in through a java.time.Clock, or with the event");

    private static final ArchRule RULES_DRAW_NO_RANDOMNESS = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .should()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, ThreadLocalRandom.class, Clock.class)
            .because("the same event must give the same step");

    private static final ArchRule CODE_BLOCKS_ON_VIRTUAL_THREADS = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(CompletableFuture.class)
            .orShould()
            .dependOnClassesThat(resideInAnyPackage("reactor..", "io.reactivex..", "kotlinx.."))
            .because("one request is one virtual thread and plain blocking calls");

    private static final ArchRule ENGINES_STAY_IN_THE_RUNNER = noClasses()
            .that(not(resideInAPackage("dev.leasehold.runner..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage(ENGINES));

    private static final ArchRule ONLY_ITS_PACKAGE_SEES_ONNX_RUNTIME = noClasses()
            .that(not(resideInAPackage("dev.leasehold.runner.onnx..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime.."));

    private static final ArchRule ONLY_ITS_PACKAGE_SEES_TOKENIZERS = noClasses()
            .that(not(resideInAPackage("dev.leasehold.runner.tokenizer..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.djl.huggingface..", "com.hubspot.jinjava.."));

    private static final ArchRule THE_AGENT_IS_PLAIN_JAVA = noClasses()
            .that(resideInAPackage("dev.leasehold.deploy.agent.."))
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql..", "io.netty.."));

    private static final ArchRule THE_RUNNER_IS_PLAIN_JAVA = noClasses()
            .that(resideInAPackage("dev.leasehold.runner.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql.."));

    private static final List<ArchRule> RULES = List.of(
            RULES_ARE_PURE,
            NOBODY_READS_THE_CLOCK,
            RULES_DRAW_NO_RANDOMNESS,
            CODE_BLOCKS_ON_VIRTUAL_THREADS,
            ENGINES_STAY_IN_THE_RUNNER,
            ONLY_ITS_PACKAGE_SEES_ONNX_RUNTIME,
            ONLY_ITS_PACKAGE_SEES_TOKENIZERS,
            THE_AGENT_IS_PLAIN_JAVA,
            THE_RUNNER_IS_PLAIN_JAVA);
}
