// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may import which: {@code rooms.txt} has a line for each, and a new arrow is a word more there. */
class RoomsTest {
    private static final String ROOT = "dev.stafette.";

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/bench/"))
            .importPackages("dev.stafette");

    private static Map<String, Set<String>> allowed() throws IOException {
        Map<String, Set<String>> rooms = new TreeMap<>();
        try (InputStream in = RoomsTest.class.getResourceAsStream("/rooms.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    String[] words = line.trim().split("\\s+");
                    assertEquals("->", words[1], line);
                    Set<String> imports = new TreeSet<>(List.of(words).subList(2, words.length));
                    assertFalse(rooms.put(words[0], imports) != null, "twice: " + words[0]);
                }
            }
        }
        return rooms;
    }

    private static Map<String, Set<String>> actual() {
        Map<String, Set<String>> rooms = new TreeMap<>();
        for (JavaClass one : OURS) {
            Set<String> imports = rooms.computeIfAbsent(room(one), name -> new TreeSet<>());
            for (Dependency dependency : one.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith(ROOT) && !room(target).equals(room(one))) {
                    imports.add(room(target));
                }
            }
        }
        return rooms;
    }

    private static String room(JavaClass one) {
        return one.getPackageName().substring(ROOT.length());
    }

    private static String text(Map<String, Set<String>> rooms) {
        StringBuilder text = new StringBuilder();
        rooms.forEach((room, imports) -> text.append((room + " -> " + String.join(" ", imports)).trim() + "\n"));
        return text.toString();
    }

    @Test
    void importsAreThoseOfTheList() throws IOException {
        assertEquals(text(allowed()), text(actual()));
    }

    @Test
    void noRoomImportsItselfOverOthers() throws IOException {
        Map<String, Set<String>> rooms = allowed();
        // What imports only what is gone is taken away, until nothing is left or nothing can go.
        boolean changed = true;
        while (changed) {
            changed = rooms.values().removeIf(imports -> imports.stream().noneMatch(rooms::containsKey));
        }
        assertEquals(Set.of(), rooms.keySet(), "they import each other");
    }
}
