// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.Parameter.Applies;
import dev.stafette.engine.config.syntax.MainCf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table tells the truth about what the code asks for. */
class ParameterUseTest {
    private static final Pattern ASKED = Pattern.compile(
            "\\.(?:text|flag|count|size|time|choice|words|domains|networks|feedback|restrictions|tables)\\(\\s*\"([a-z0-9_]+)\"");

    /** The modules of the engine: commands ask for parameters, too. */
    private static final List<Path> MODULES = Stream.of("config", "table", "mta", "cli")
            .map(Path.of("..")::resolve)
            .toList();

    private static List<Path> sources(Path module) throws IOException {
        try (Stream<Path> files = Files.walk(module.resolve(Path.of("src", "main", "java")))) {
            return files.filter(path -> path.toString().endsWith(".java")).toList();
        }
    }

    private static Set<String> asked() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path module : MODULES) {
            for (Path file : sources(module)) {
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

    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        for (Path module : MODULES) {
            for (Path file : sources(module)) {
                code.append(Files.readString(file));
            }
        }
        return code.toString();
    }

    @Test
    void hasEveryParameterThatIsAskedFor() throws IOException {
        Set<String> missing = asked();
        assertTrue(missing.size() > 50);
        missing.removeIf(name -> Parameters.table().find(name, Set.of()) != null);
        assertEquals(Set.of(), missing);
    }

    /** The name stands in the code as a text of its own, or what follows the transport in it does. */
    @Test
    void saysOfNoneThatNothingReadsThatItIsInUse() throws IOException {
        String code = code();
        Set<String> unread = new TreeSet<>();
        for (Parameter parameter : Parameters.table().all()) {
            String name = parameter.name();
            String written = parameter.isPerTransport() ? parameter.suffix() : name;
            boolean isInUse = parameter.applies() != Applies.NOT_YET && parameter.applies() != Applies.NEVER;
            if (isInUse && !code.contains("\"" + written + "\"")) {
                unread.add(name);
            }
        }
        // The client asks for those of SMTP, and means those of LMTP where it speaks that.
        for (Parameter parameter : Parameters.table().all()) {
            String name = parameter.name();
            if (code.contains("\"" + name + "\"")) {
                unread.remove(LmtpNames.of(name));
            }
        }
        // What every transport has, with a default of its own; and what others refer to by $name, or people do.
        unread.removeIf(name -> name.startsWith("local_destination_"));
        unread.remove("mail_version");
        for (Parameter parameter : Parameters.table().all()) {
            String text = parameter.defaultText();
            unread.removeIf(name -> text != null && text.contains("$" + name));
        }
        assertEquals(Set.of(), unread);
    }

    @Test
    void hasAClassForEveryNameOfPostfix() throws IOException {
        Set<String> unknown = new TreeSet<>();
        try (InputStream in = ParameterUseTest.class.getResourceAsStream("postconf-d.txt")) {
            String text = new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
            for (MainCf.Entry entry : MainCf.parse("postconf-d.txt", text).entries()) {
                if (ParameterUse.of(entry.name(), Set.of()) == ParameterUse.UNKNOWN) {
                    unknown.add(entry.name());
                }
            }
        }
        assertEquals(Set.of(), unknown);
    }

    @Test
    void saysOfNoneThatIsUsedThatItDoesNothing() throws IOException {
        Set<String> wrong = asked();
        wrong.removeIf(name -> {
            Parameter parameter = Parameters.table().find(name, Set.of());
            return parameter == null || parameter.applies() != Applies.NOT_YET && parameter.applies() != Applies.NEVER;
        });
        assertEquals(Set.of(), wrong);
    }
}
