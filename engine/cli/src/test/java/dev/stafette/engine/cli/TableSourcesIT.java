// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Postfix's commands and ours make the same of sources of tables: of the files that Debian's package has, and of what
 * nobody would write, but somebody may.
 */
class TableSourcesIT {
    private static final long SEED = 20260301;
    private static final int SOURCES = 60;
    private static final List<Path> PACKAGED =
            List.of(Path.of("/usr/share/postfix"), Path.of("/etc/postfix"), Path.of("/etc/postfix/postfix-files.d"));
    private static final String[] SOURCE_PIECES = {
        "a",
        "b",
        "Foo",
        "@",
        ".",
        "example.com",
        " ",
        "  ",
        "\t",
        "\n",
        "\n",
        "\n ",
        "\n\t",
        "\n#",
        "# x",
        "\"",
        "\"",
        "\\",
        "\\\"",
        ":",
        ":: ",
        ",",
        "\n\n",
        "\r",
        "\n \n",
        "\u000b",
        "\f",
        "\u00e9",
        "\u00c9",
        "\u00df",
        "\u0130",
        "\u00a0",
        "\u2028",
        "\u0001",
        "\u007f",
        "(c)",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        ";",
        "|cmd arg",
        "/file",
        ":include:/x",
        "k v",
        "k: v",
        "\n\"a b\" c",
        "\n\"x y\": z",
        "\\x",
        "owner-",
        "*",
        "%",
        "!"
    };
    private static final String[] PATTERNS = {
        "^a",
        "b$",
        "(a)(b)?",
        "a|b",
        "[[:alpha:]]+",
        "x{2}",
        "(x)(y)",
        ".",
        "^$",
        "\\.",
        "a.c",
        "(((a)))",
        "A",
        "foo@",
        "^(.*)@(.*)$",
        "[0-9]+",
        "(a",
        "[b",
        "a)",
        "(b))",
        "x|)",
        ")*",
        "\\)",
        "a{",
        "{1}",
        "a{1}{2}",
        "^*",
        "x|{2}",
        "(?:{2})",
        "(?i)?a",
        "a{2,1}",
        "*",
        "\\/",
        "#",
        "",
        "\\w+",
        "\\$",
        "[^@]+@",
        "(a)\\1"
    };
    private static final String[] RESULTS = {
        "OK",
        "REJECT text",
        "$1",
        "${1}",
        "$(1)",
        "$$",
        "$$1",
        "$2 x",
        "$10",
        "${10}",
        "$(x)",
        "${1",
        "$",
        "a$",
        "$0",
        "x $1 y $2",
        "",
        "$1$1",
        "${a}",
        "$-",
        "text with  spaces ",
        "(1",
        "${1}}"
    };
    private static final String[] NETWORKS = {
        "1.2.3.4", "10.0.0.0/8", "10.1.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:DB8::1", "[::1]",
                "[::1]/128",
        "1.2.3", "1.2.3.4/33", "1.2.3.4/x", "1.2.3.4/", "256.1.1.1", "::ffff:1.2.3.4", "a.b", "010.0.0.1", "1.2.3.4/08",
        "/8", "[1.2.3.4]", "1.2.3.4/-1", "[::1", "[::1]x", "[1.2.3.0/24]"
    };
    private static final String[] BEFORE_PATTERN = {"", "", "", "!", "! ", "!!"};
    private static final String MATCHED_KEYS = "a\nab\nabcd\nxx\nxy\nfoo@bar.com\nA\nq\n\n9\nb\na.c\nx\n";
    private static final String ADDRESSES = "1.2.3.4\n10.9.8.7\n::1\n2001:db8::5\n192.168.1.1\n8.8.8.8\na.b\n1.2.3\n"
            + "::ffff:1.2.3.4\n0.0.0.0\n 1.2.3.4\n010.1.1.1\n1.2.3.4 \n";

    @TempDir
    Path directory;

    private Path configuration;
    private final RandomText random = new RandomText(SEED);

    @BeforeEach
    void needsPostfix() throws IOException {
        Programs.require("postmap");
        configuration = Files.createDirectory(directory.resolve("etc"));
        Files.writeString(
                configuration.resolve("main.cf"),
                "compatibility_level = 3.6\nmyhostname = mx.b.test\ninet_interfaces = 127.0.0.1\n");
        Files.writeString(configuration.resolve("master.cf"), "");
        PeerCommand.age(configuration.resolve("main.cf"));
    }

    /** What both are asked about each source. */
    private record Question(String command, List<String> words, String input) {
        List<String> arguments(Path configuration, String table) {
            List<String> arguments = new ArrayList<>(List.of("-c", configuration.toString()));
            arguments.addAll(words);
            arguments.add(table);
            return arguments;
        }
    }

    private static List<String> many(Supplier<String> source) {
        return Stream.generate(source).limit(SOURCES).toList();
    }

    private void compare(List<String> texts, String type, List<Question> questions) throws Exception {
        Function<Integer, String> table = i -> type + ":" + directory.resolve("t" + i);
        List<Callable<PeerCommand>> theirs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            Path file = Files.writeString(directory.resolve("t" + i), texts.get(i));
            PeerCommand.age(file);
            String name = table.apply(i);
            theirs.add(() -> ask(questions, name, PeerCommand::run));
        }
        List<PeerCommand> expected = PeerCommand.runAll(theirs);
        deleteIndexes();
        List<Executable> checks = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            PeerCommand said = ask(questions, table.apply(i), PeerCommand::runOurs);
            int index = i;
            checks.add(() -> assertEquals(expected.get(index), said, texts.get(index)));
        }
        assertAll(checks);
    }

    /** Runs a command. */
    private interface Runner {
        PeerCommand run(String name, List<String> arguments, String input) throws Exception;
    }

    /** All that was said, with the code of the last. */
    private PeerCommand ask(List<Question> questions, String table, Runner runner) throws Exception {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        int exitCode = 0;
        for (Question question : questions) {
            PeerCommand said = runner.run(
                            question.command(), question.arguments(configuration, table), question.input())
                    .sorted();
            out.append(said.out()).append("--\n");
            err.append(said.err()).append("--\n");
            exitCode = said.exitCode();
        }
        return new PeerCommand(exitCode, out.toString(), err.toString());
    }

    private void deleteIndexes() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".db")).toList()) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postmap", "postalias"})
    void buildsTheSameTable(String command) throws Exception {
        compare(
                many(() -> random.some(30, SOURCE_PIECES)),
                "hash",
                List.of(
                        new Question(command, List.of(), ""),
                        new Question(command, List.of("-s"), ""),
                        new Question(command, List.of("-q", "-"), "a\nfoo\n\"x y\":\nx y\nk\nFOO\n")));
    }

    @Test
    void readsTheSameText() throws Exception {
        compare(
                many(() -> random.some(30, SOURCE_PIECES)),
                "texthash",
                List.of(new Question("postmap", List.of("-s"), "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"regexp", "pcre"})
    void matchesTheSameKeys(String type) throws Exception {
        compare(
                many(() -> rules(this::pattern, RESULTS)),
                type,
                List.of(new Question("postmap", List.of("-q", "-"), MATCHED_KEYS)));
    }

    @Test
    void findsTheSameAddresses() throws Exception {
        compare(
                many(() -> rules(
                        () -> random.oneOf(BEFORE_PATTERN) + random.oneOf(NETWORKS), "OK", "a b", "", "$1", "x  ")),
                "cidr",
                List.of(new Question("postmap", List.of("-q", "-"), ADDRESSES)));
    }

    /** As they are, and with what they have as comments. */
    private static List<String> packagedTexts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path place : PACKAGED) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        String text = Files.readString(file);
                        texts.add(text);
                        texts.add(text.replaceAll("(?m)^#\\s?", ""));
                    }
                }
            }
        }
        return texts;
    }

    @ParameterizedTest
    @CsvSource({
        "postmap, hash, true",
        "postalias, btree, true",
        "postmap, texthash, false",
        "postmap, regexp, false",
        "postmap, pcre, false",
        "postmap, cidr, false"
    })
    void readsTheFilesOfTheDebianPackage(String command, String type, boolean isBuilt) throws Exception {
        List<String> texts = packagedTexts();
        Programs.require(!texts.isEmpty(), "Debian's postfix with its files");
        Question ask = new Question(command, List.of("-q", "-"), "smtp\npickup\nmail\n/etc\npostfix\nthe\n");
        Question build = new Question(command, List.of(), "");
        Question list = new Question(command, List.of("-s"), "");
        compare(texts, type, isBuilt ? List.of(build, list, ask) : List.of(ask));
    }

    /** All letters that Java knows: its Unicode may be older than that of Postfix's library. */
    @Test
    void foldsTheSameLetters() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int c = 0x80; c < 0x1_1000; c++) {
            if (Character.isLetter(c) && !isYoung(c)) {
                text.appendCodePoint(c)
                        .append("@")
                        .append(Integer.toHexString(c))
                        .append(" x\n");
            }
        }
        compare(List.of(text.toString()), "texthash", List.of(new Question("postmap", List.of("-s"), "")));
    }

    /** A letter that has the other case only since a Unicode that one of the two may not know: 14, 15.1 or 16. */
    private static boolean isYoung(int c) {
        return c == 0x19b
                || c == 0x264
                || c == 0x1c89
                || c == 0x1c8a
                || c == 0x2c2f
                || c == 0x2c5f
                || c >= 0xa7c0 && c <= 0xa7dc
                || c >= 0x1_0570 && c <= 0x1_05bc
                || c >= 0x1_0d50 && c <= 0x1_0d85;
    }

    private String pattern() {
        String delimiter = random.oneOf("/", "/", "/", "/", "#", "!", "|", ",", "\"", "a", "%");
        return random.oneOf(BEFORE_PATTERN)
                + delimiter
                + random.oneOf(PATTERNS)
                + delimiter
                + random.oneOf("", "", "", "i", "m", "x", "im", "q", "E", "A", "X", "ii", " ");
    }

    private String rules(Supplier<String> pattern, String... results) {
        StringBuilder text = new StringBuilder();
        for (int n = random.below(8); n >= 0; n--) {
            int kind = random.below(20);
            if (kind == 0) {
                text.append(random.oneOf("# c", "  ", "\t# x"));
            } else if (kind < 4) {
                text.append(random.oneOf("if ", "IF  ", "If", "if ! "))
                        .append(pattern.get())
                        .append(random.oneOf("", "", " x"));
            } else if (kind < 7) {
                text.append(random.oneOf("endif", "ENDIF", "endif x", "endif ", "endifx"));
            } else if (kind == 7) {
                text.append(random.oneOf("bogus", "x y", "!", "! ", "/", "1", "iffy x", "if", "if !", "=", "$1 x"));
            } else {
                text.append(pattern.get())
                        .append(random.oneOf(" ", "\t", "  ", ""))
                        .append(random.oneOf(results))
                        .append(random.oneOf("", "", "\n  more"));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
