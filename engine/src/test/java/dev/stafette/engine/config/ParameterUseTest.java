// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.Parameter.Applies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table tells the truth about what the code asks for. */
class ParameterUseTest {
    private static final Pattern ASKED = Pattern.compile(
            "\\.(?:text|flag|count|size|time|choice|words|domains|networks|feedback|restrictions)\\(\\s*\"([a-z0-9_]+)\"");

    private static Set<String> asked() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                if (source.contains("Settings")) {
                    Matcher matcher = ASKED.matcher(source);
                    while (matcher.find()) {
                        names.add(matcher.group(1));
                    }
                }
            }
        }
        return names;
    }

    @Test
    void hasEveryParameterThatIsAskedFor() throws IOException {
        Set<String> missing = asked();
        assertTrue(missing.size() > 50);
        missing.removeIf(name -> Parameters.table().find(name, Set.of()) != null);
        assertEquals(Set.of(), missing);
    }

    @Test
    void saysOfNoneThatIsUsedThatItDoesNothing() throws IOException {
        Set<String> wrong = asked();
        wrong.removeIf(name -> {
            Parameter parameter = Parameters.table().find(name, Set.of());
            return parameter == null || parameter.applies() != Applies.NOT_YET;
        });
        assertEquals(Set.of(), wrong);
    }
}
