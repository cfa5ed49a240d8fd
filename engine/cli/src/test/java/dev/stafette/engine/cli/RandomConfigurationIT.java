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
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Files main.cf and master.cf that nobody would write, but somebody may: Postfix's postconf and ours say the same. */
class RandomConfigurationIT {
    private static final long SEED = 20260302;
    private static final int FILES = 25;
    private static final int NESTING_MAX = 3;
    private static final String[] NAMES = {
        "a",
        "b",
        "c_1",
        "relay_domains",
        "mydestination",
        "smtpd_banner",
        "x.y",
        "Foo",
        "relayhost",
        "mynetworks",
        "hopcount_limit",
        "append_dot_mydomain",
        "foo_recipient_limit",
        "virtual_maps",
        "smtpd_recipient_restrictions"
    };
    private static final String[] COMPARISONS = {
        "==", "!=", "<", "<=", ">", ">=", "=", "<level", ">=level", "==level", "!=level", "<=level", ">level", "==x"
    };
    private static final String[] OPERANDS = {
        "3", "3.6", "3.6.1", "2", "10", "9", "abc", "", "$compatibility_level", "${a}", "-1", "03"
    };
    private static final String[] BLANKS = {"", "", "", " ", "  ", "\t"};
    private static final String[] OPTIONS = {
        "-o a=b",
        "-o {a = b c}",
        "-oa=b",
        "-v",
        "-vo x=y",
        "-o smtpd_banner=$a",
        "{x}{y}",
        "-o {a}",
        "-o { a=b",
        "-o a",
        "-o a=$b,$c",
        "user=foo",
        "argv=/bin/x",
        "${recipient}",
        "--",
        "-D",
        "a}b",
        "{a}b",
        "#x",
        "-o smtpd_recipient_restrictions=permit,$z",
        "-o {smtpd_restriction_classes = q, r} -o q=permit",
        "-o x.y=1",
        "-o a=1 -o a=2",
        "-d x",
        "-o syslog_name=postfix/$service_name",
        "-o{a=b}",
        "-o {  hopcount_limit  =  5 }"
    };

    @TempDir
    Path directory;

    private final RandomText random = new RandomText(SEED);

    @BeforeEach
    void needsPostfix() {
        Programs.require("postconf");
    }

    private void compare(Supplier<String> main, Supplier<String> master, List<String> questions) throws Exception {
        List<Callable<PeerCommand>> theirs = new ArrayList<>();
        List<List<String>> lines = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path own = Files.createDirectory(directory.resolve("c" + i));
            write(own.resolve("main.cf"), main.get());
            write(own.resolve("master.cf"), master.get());
            for (String question : questions) {
                List<String> arguments = new ArrayList<>(List.of("-c", own.toString()));
                arguments.addAll(List.of(question.split(" ")));
                lines.add(arguments);
                theirs.add(() -> PeerCommand.run("postconf", arguments));
                texts.add(Files.readString(own.resolve("main.cf"))
                        + Files.readString(own.resolve("master.cf"))
                        + question);
            }
        }
        List<PeerCommand> expected = PeerCommand.runAll(theirs);
        List<Executable> checks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String theirAnswer = comparable(expected.get(i));
            String ourAnswer = comparable(PeerCommand.runOurs("postconf", lines.get(i)));
            String text = texts.get(i);
            checks.add(() -> assertEquals(theirAnswer, ourAnswer, text));
        }
        assertAll(checks);
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        PeerCommand.age(file);
    }

    /** Of several mistakes theirs finds one first in the order of a hash. */
    private static String comparable(PeerCommand said) {
        if (said.exitCode() != 0) {
            return said.exitCode() + said.out() + (said.err().contains("fatal: ") ? " refused" : "");
        }
        String out = said.outOfPostfix().replaceAll("ESMTP (Postfix|Stafette)", "ESMTP NAME");
        List<String> warnings = said.err()
                .lines()
                .filter(line -> !line.contains("overriding earlier entry"))
                .distinct()
                .sorted()
                .toList();
        return out + String.join("\n", warnings);
    }

    @Test
    void makesTheSameOfMainCf() throws Exception {
        compare(
                this::mainCf,
                () -> random.oneOf("", "foo unix - n n - - pipe\n  -o a=$b\n"),
                List.of(
                        "-n",
                        "-nf",
                        "-nH",
                        "-x a b c_1",
                        "-xh relay_domains smtpd_banner Foo",
                        "-x mydestination append_dot_mydomain hopcount_limit",
                        "-C user -x"));
    }

    @Test
    void makesTheSameOfMasterCf() throws Exception {
        compare(
                () -> random.oneOf("", "b = bb\nz = $y\nhopcount_limit = 9\n"),
                this::masterCf,
                List.of(
                        "-M",
                        "-Mf",
                        "-F",
                        "-P",
                        "-Px",
                        "-Mx",
                        "-FH",
                        "-Ph",
                        "-M smtp",
                        "-M */inet",
                        "-F smtp/*/chroot",
                        "-P */*/a",
                        "-n",
                        "-Pf",
                        "-C service"));
    }

    private String mainCf() {
        StringBuilder text = new StringBuilder();
        for (int n = random.below(6); n >= 0; n--) {
            int kind = random.below(16);
            if (kind == 0) {
                text.append(random.oneOf("# comment $x", "", "  # in", "\t#x = y", "  "));
            } else if (kind == 1 && random.below(4) == 0) {
                text.append(random.oneOf("= x", "novalue", "a b = c", "{ x", "${a} = 1", "  b = 2"));
            } else {
                text.append(random.oneOf(NAMES))
                        .append(random.oneOf(" = ", "=", " =", "\t=\t", "  =   "))
                        .append(value(0))
                        .append(random.oneOf("", "", "\n  " + value(0), "\n# c\n  " + value(0), "  \t", "\r"));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private String value(int depth) {
        if (depth > NESTING_MAX) {
            return random.oneOf("a", "b c", "1", "yes", "");
        }
        String name = random.oneOf(NAMES);
        String blank = random.oneOf(BLANKS);
        String inner = value(depth + 1);
        return switch (random.below(18)) {
            case 0 -> "$" + name;
            case 1 -> "${" + name + "}";
            case 2 -> "$(" + name + ")";
            case 3 -> "${" + name + "?" + inner + "}";
            case 4 -> "${" + name + ":" + inner + "}";
            case 5 -> "$(" + name + blank + "?" + inner + ")";
            case 6 -> "${" + blank + name + "?" + blank + "{" + inner + "}" + blank + ":{" + value(depth + 1) + "}}";
            case 7 -> "${" + name + ":{" + inner + "}" + random.oneOf("", "", "x", ":{y}") + "}";
            case 8 ->
                "${{" + random.oneOf(OPERANDS) + "}" + blank + random.oneOf(COMPARISONS) + blank + "{"
                        + random.oneOf(OPERANDS) + "}"
                        + random.oneOf("", " ", "?{" + inner + "}", ":{" + inner + "}", "?" + inner, "x") + "}";
            case 9 -> "${{" + inner + "}" + random.oneOf(COMPARISONS) + "{" + value(depth + 1) + "}?{x}:{y}}";
            case 10 -> random.oneOf("$$", "$$" + name, "$$$$");
            case 11 -> inner + random.oneOf("", " ", ", ") + value(depth + 1);
            case 12 -> "{ " + inner + " }";
            case 13 -> random.oneOf("$", "${", "$()", "${}", "$-", "$(" + name);
            case 14 -> random.oneOf("unionmap:{ldap:x,mysql:", "ldap:a", "{ proxy:pgsql:b }", "10.0.0.0/8");
            default -> "plain";
        };
    }

    private String masterCf() {
        StringBuilder text = new StringBuilder();
        for (int n = random.below(5); n >= 0; n--) {
            int kind = random.below(12);
            if (kind == 0) {
                text.append(random.oneOf("# c", " # c", "", "  ", "  indented"));
            } else if (kind == 1) {
                text.append(random.oneOf(
                        "smtp inet n - - - -",
                        "foo bar - - - - - baz",
                        "x unix - - - -1 - y",
                        "x unix - - - 5?? - y",
                        "{a b} unix - - - - - p",
                        "smtp inet n q - - - smtpd"));
            } else {
                appendRow(text, n);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Postfix mixes up the parameters of rows with the same name: here each has its own. */
    private void appendRow(StringBuilder text, int number) {
        text.append(random.oneOf("smtp", "25", "127.0.0.1:smtp", "[::1]:25", "pickup", "foo-bar", "relay", "a.b"))
                .append(number == 0 ? "" : Integer.toString(number));
        for (String[] column : new String[][] {
            {"inet", "unix", "fifo", "pass", "unix-dgram"},
            {"n", "-", "y"},
            {"n", "-", "y"},
            {"n", "-", "y"},
            {"-", "60", "5?", "0"},
            {"-", "1", "0", "100"},
            {"smtpd", "smtp", "pipe", "cleanup", "local", "spawn", "lmtp", "error"}
        }) {
            text.append(random.oneOf(" ", "  ", "\t")).append(random.oneOf(column));
        }
        for (int n = random.below(5); n > 0; n--) {
            text.append(random.oneOf(" ", "\n  ", "\n\t", "\n# c\n  ")).append(random.oneOf(OPTIONS));
        }
    }
}
