// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a place must not know, by name or by class; which package may import which is the business of {@link RoomsTest}. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The fixtures that codec shares come as a jar when all modules are built.
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.stafette");

    @Test
    void codecImportsNoneOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("dev.stafette.codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.stafette.storage..",
                        "dev.stafette.scheduler..",
                        "dev.stafette.delivery..",
                        "dev.stafette.engine..")
                .check(OURS);
    }

    @Test
    void siblingsNeverMeet() {
        for (String one : List.of("storage", "scheduler", "delivery")) {
            for (String other : List.of("storage", "scheduler", "delivery", "engine")) {
                if (!one.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage("dev.stafette." + one + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage("dev.stafette." + other + "..")
                            .check(OURS);
                }
            }
        }
    }

    @Test
    void onlyTheProcessItselfMakesDnsClients() {
        noClasses()
                .that()
                .resideInAPackage("dev.stafette.engine..")
                .and()
                .resideOutsideOfPackage("dev.stafette.engine")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.engine.delivery.Transports")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.engine.delivery.ClientRoom")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.engine.delivery.DnsSection")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.stafette.delivery.dns.DnsClients")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("dev.stafette.delivery.dns.DnsSettings")
                .check(OURS);
    }

    @Test
    void dnsjavaStopsInTheDnsClient() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.stafette.delivery.dns..", "dev.stafette.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.xbill..")
                .check(OURS);
    }

    @Test
    void chronicleStopsInTheJournal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.stafette.storage.journal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .check(OURS);
    }

    @Test
    void schedulerAndCodecHaveNoClockThreadOrFile() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.stafette.scheduler..", "dev.stafette.codec..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.nio.file..")
                .check(OURS);
    }

    @Test
    void onlyConfigurationAndStartUpReadTheEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.stafette.engine.config..",
                        "dev.stafette.engine.cli..",
                        "dev.stafette.engine.demo..",
                        "dev.stafette.bench..")
                .should()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(OURS);
    }

    @Test
    void loggingNeedsNoMoreThanTheFacade() {
        classes()
                .that()
                .resideInAPackage("dev.stafette..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("org.apache.logging..", "java.util.logging..", "ch.qos..")
                .check(OURS);
    }

    /** Types of a room that need one another are to be read together: pairs, and no knots. */
    @Test
    void typesOfTheSmtpServerMakeNoKnot() {
        assertEquals(List.of(), Knots.of(OURS, "dev.stafette.engine.smtp"));
    }

    /** Nobody has to look at the imports to know which one is meant. */
    @Test
    void noTwoTypesHaveOneName() {
        Map<String, Set<String>> types = new TreeMap<>();
        for (JavaClass type : OURS) {
            boolean isOfBench = type.getPackageName().startsWith("dev.stafette.bench");
            if (type.isTopLevelClass() && !isOfBench && !type.getSimpleName().equals("package-info")) {
                types.computeIfAbsent(type.getSimpleName(), name -> new TreeSet<>())
                        .add(type.getName());
            }
        }
        types.values().removeIf(names -> names.size() == 1);
        assertEquals(Map.of(), types);
    }

    @Test
    void nothingOnTheClassPathReportsHome() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
        String path = System.getProperty("java.class.path");
        assertFalse(path.contains("analytics"), path);
        assertFalse(path.contains("jna-platform"), path);
    }

    /** Decision 0035: the mail process makes no system calls past the C library. */
    @Test
    void onlyTheDeliveryServiceMakesNativeCalls() {
        noClasses()
                .that()
                .resideInAPackage("dev.stafette..")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.delivery.deputy.ThreadIdentity")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.delivery.deputy.FlockCall")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.delivery.deputy.FlockCall$LibC")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.delivery.deputy.ThreadIdentity$Calls")
                .and()
                .doNotHaveFullyQualifiedName("dev.stafette.delivery.deputy.ThreadIdentity$SystemCall")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(OURS);
    }
}
