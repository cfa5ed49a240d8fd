// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.stafette.engine.Sections;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.config.syntax.MainCf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files that people start from. */
class ConfSamplesTest {
    private static final Path CONF = Path.of("..", "..", "conf");
    private static final String MARKER = "a test compares. -->\n";

    @Test
    void loadsWithoutAWarning() {
        Configuration configuration = Configuration.read(CONF, new LocalHost());
        assertEquals(List.of(), configuration.check(Sections::check));
        assertEquals(10, configuration.services().size());
    }

    @Test
    void loadsWithTheContentFilterWithoutAWarning() throws IOException {
        String mainCf =
                Files.readString(CONF.resolve("main.cf")) + Files.readString(CONF.resolve("content-filter-main.cf"));
        String masterCf = Files.readString(CONF.resolve("master.cf"))
                + Files.readString(CONF.resolve("content-filter-master.cf"));
        assertEquals(List.of(), FakeHost.check(mainCf, masterCf));
    }

    @Test
    void servesSubmissionOnceTheRowsForItAreNoComments() throws IOException {
        String masterCf = Files.readString(CONF.resolve("master.cf")).replaceAll("(?m)^#(submission|  -o)", "$1");
        assertTrue(masterCf.contains("\nsubmissions inet n "));
        assertEquals(List.of(), FakeHost.check(Files.readString(CONF.resolve("main.cf")), masterCf));
    }

    @Test
    void knowsTheExamplesInCommentsToo() throws IOException {
        int examples = 0;
        for (String line : Files.readAllLines(CONF.resolve("main.cf"))) {
            if (line.startsWith("#") && line.length() > 1 && line.charAt(1) != ' ' && line.contains(" = ")) {
                MainCf.Entry entry = MainCf.parse("main.cf", line.substring(1))
                        .entries()
                        .iterator()
                        .next();
                assertNotNull(Parameters.table().find(entry.name(), Set.of()), line);
                assertEquals(List.of(), FakeHost.check(line.substring(1), ""), line);
                examples++;
            }
        }
        assertTrue(examples >= 5);
    }

    @Test
    void listsEveryParameterInTheReadme() throws IOException {
        String readme = Files.readString(CONF.resolve("README.md"));
        int marker = readme.indexOf(MARKER);
        assertTrue(marker > 0);
        String expected =
                readme.substring(0, marker + MARKER.length()) + ParameterReference.markdown(Parameters.table());
        if (!expected.equals(readme)) {
            Path update = Path.of("target", "conf-README.md");
            Files.writeString(update, expected);
            fail("the table has changed: copy engine/" + update + " to conf/README.md");
        }
    }

    @Test
    void namesTestsThatAreThere() throws IOException {
        Set<String> sources = new TreeSet<>();
        for (String module : List.of("delivery", "engine/table", "engine/mta", "engine/cli")) {
            try (Stream<Path> files = Files.walk(CONF.resolveSibling(module).resolve("src/test/java"))) {
                files.forEach(file -> sources.add(file.getFileName().toString()));
            }
        }
        Matcher named = Pattern.compile("`(\\w+(?:Test|IT))`").matcher(Files.readString(CONF.resolve("README.md")));
        int count = 0;
        while (named.find()) {
            assertTrue(sources.contains(named.group(1) + ".java"), named.group(1));
            count++;
        }
        assertTrue(count > 20);
    }

    @Test
    void givesTheJvmOneOptionALine() throws IOException {
        for (String line : Files.readAllLines(CONF.resolve("jvm.options"))) {
            if (!line.isEmpty() && !line.startsWith("#")) {
                assertTrue(line.startsWith("-") && line.indexOf(' ') < 0, line);
            }
        }
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        for (Parameter parameter : Parameters.table().all()) {
            assertFalse(parameter.purpose().isBlank(), parameter.name());
            assertTrue(parameter.purpose().endsWith("."), parameter.name());
            assertFalse(parameter.purpose().contains("|"), parameter.name());
            assertNull(PostfixNames.known().find(parameter.name(), Set.of()), parameter.name());
        }
    }
}
