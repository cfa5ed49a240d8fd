// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples in the manual pages of Debian's Postfix, read by its commands and by ours. */
class ManualExamplesIT {
    private static final Path PAGES = Path.of("/usr/share/man/man5");
    private static final List<String> TABLE_PAGES = List.of(
            "access",
            "aliases",
            "canonical",
            "cidr_table",
            "generic",
            "header_checks",
            "regexp_table",
            "relocated",
            "transport",
            "virtual");
    private static final Pattern EXAMPLE = Pattern.compile("\\.nf\n(.*?)\n\\.fi", Pattern.DOTALL);

    /** A file's name, alone on a line, and what follows it until the next. */
    private static final Pattern FILE = Pattern.compile(
            "(?m)^\\s*/etc/(?:postfix/)?([\\w.-]+):[ \t]*\n(.*?)(?=^\\s*/etc/\\S*:[ \t]*$|\\z)",
            Pattern.DOTALL | Pattern.MULTILINE);

    private static final String MAIN_CF =
            "compatibility_level = 3.6\nmyhostname = mx.b.test\nmydomain = b.test\ninet_interfaces = 127.0.0.1\n";
    private static final String MASTER_CF = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n";
    private static final int KEYS_BYTES_MAX = 30_000;

    @TempDir
    private Path directory;

    @BeforeEach
    void needsPostfix() {
        Programs.require("postmap");
        // Small images leave out manuals, whatever is installed.
        assumeTrue(Files.exists(PAGES.resolve("access.5.gz")), "the manual pages of Debian's postfix are not there");
    }

    private static List<String> examples(String page) throws IOException {
        String text;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(PAGES.resolve(page + ".5.gz")))) {
            text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        List<String> all = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(text);
        while (example.find()) {
            String plain = example.group(1)
                    .replaceAll("(?m)^\\.(na|ad|ft|in|sp|IP|nf|\\\\\").*\n?", "")
                    .replaceAll("\\\\f[BIR]", "")
                    .replace("\\-", "-")
                    .replace("\\&", "")
                    .replace("\\(aq", "'")
                    .replace("\\(dq", "\"")
                    .replace("\\e", "\\");
            all.add(plain.stripTrailing() + "\n");
        }
        return all;
    }

    /** Examples of one file, without their indent. */
    private static List<String> examplesOf(String file) throws IOException {
        Set<String> all = new LinkedHashSet<>();
        for (String page :
                List.of("postconf", "access", "canonical", "generic", "header_checks", "transport", "virtual")) {
            for (String example : examples(page)) {
                Matcher part = FILE.matcher(example);
                while (part.find()) {
                    if (part.group(1).equals(file)) {
                        all.add(part.group(2).stripTrailing().stripIndent() + "\n");
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    private Path configure(String name, String mainCf, String masterCf) throws IOException {
        Path place = Files.createDirectory(directory.resolve(name));
        PeerCommand.age(Files.writeString(place.resolve("main.cf"), mainCf));
        PeerCommand.age(Files.writeString(place.resolve("master.cf"), masterCf));
        return place;
    }

    /** One command: its words, what is on its input, and what to say when the answers differ. */
    private record Question(String command, List<String> words, String input, String about) {
        PeerCommand askPostfix() throws IOException, InterruptedException {
            return PeerCommand.run(command, words, input);
        }

        PeerCommand askOurs() {
            return PeerCommand.runOurs(command, words, input);
        }
    }

    private static void compare(List<Question> questions) throws Exception {
        assertTrue(questions.size() > 5, "only " + questions);
        List<Callable<PeerCommand>> theirs = new ArrayList<>();
        questions.forEach(question -> theirs.add(question::askPostfix));
        List<PeerCommand> expected = PeerCommand.runAll(theirs);
        List<Executable> checks = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            PeerCommand theirsSaid = expected.get(i);
            Question question = questions.get(i);
            checks.add(() -> assertEquals(inAnyOrder(theirsSaid), inAnyOrder(question.askOurs()), question.about()));
        }
        assertAll(checks);
    }

    /** Postfix warns of unused parameters in the order of a hash. */
    private static PeerCommand inAnyOrder(PeerCommand said) {
        String err = said.err().lines().sorted().reduce("", (all, line) -> all + line + "\n");
        return new PeerCommand(said.exitCode(), said.out(), err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"texthash", "regexp", "pcre", "cidr"})
    void findsTheSameInTables(String type) throws Exception {
        Path configuration = configure("etc", MAIN_CF, MASTER_CF);
        List<Question> questions = new ArrayList<>();
        for (String page : TABLE_PAGES) {
            for (String example : examples(page)) {
                Path table = Files.writeString(directory.resolve("t" + questions.size()), example);
                PeerCommand.age(table);
                questions.add(new Question(
                        "postmap",
                        List.of("-c", configuration.toString(), "-q", "-", type + ":" + table),
                        keys(example),
                        page + ":\n" + example));
            }
        }
        compare(questions);
    }

    /** The lines, their words, and some that stand in none. */
    private static String keys(String example) {
        Set<String> keys = new LinkedHashSet<>(List.of("user@example.com", "192.0.2.1", "Subject: make money fast"));
        for (String line : example.split("\n")) {
            keys.add(line.strip());
            Stream.of(line.strip().split("[\\s,;:]+")).forEach(keys::add);
        }
        keys.remove("");
        String all = String.join("\n", keys) + "\n";
        return all.length() <= KEYS_BYTES_MAX ? all : all.substring(0, all.lastIndexOf('\n', KEYS_BYTES_MAX) + 1);
    }

    @Test
    void readsMainCfAlike() throws Exception {
        List<Question> questions = new ArrayList<>();
        for (String example : examplesOf("main.cf")) {
            Path place = configure("main" + questions.size(), MAIN_CF + example, MASTER_CF);
            for (String flags : List.of("-n", "-xn")) {
                questions.add(new Question("postconf", List.of("-c", place.toString(), flags), "", example));
            }
        }
        compare(questions);
    }

    @Test
    void readsMasterCfAlike() throws Exception {
        List<Question> questions = new ArrayList<>();
        for (String example : examplesOf("master.cf")) {
            Path place = configure("master" + questions.size(), MAIN_CF, example);
            for (String flags : List.of("-M", "-F", "-P")) {
                questions.add(new Question("postconf", List.of("-c", place.toString(), flags), "", example));
            }
        }
        compare(questions);
    }
}
