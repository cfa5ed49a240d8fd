// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Asks Postfix's {@code postconf} and ours the same about the same files: standard output and exit codes must be the same
 * to the byte, and so must warnings, but for their order, which is at random there.
 */
class PostconfIT {
    private static final Path CASES =
            Path.of("src", "test", "resources", "dev", "stafette", "engine", "cli", "postconf");
    private static final Path EDITS = CASES.resolveSibling("postconf-edits");
    private static final List<String> FILES = List.of("main.cf", "master.cf");
    private static final Path SHARE = Path.of("/usr/share/postfix");

    @TempDir
    Path directory;

    @BeforeEach
    void needsPostfix() {
        Programs.require("postconf");
    }

    static Stream<String> configurations() throws IOException {
        return namesIn(CASES);
    }

    static Stream<String> edits() throws IOException {
        return namesIn(EDITS);
    }

    private static Stream<String> namesIn(Path files) throws IOException {
        try (Stream<Path> list = Files.list(files)) {
            return list.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void answersAsPostfixDoes(String file) throws Exception {
        Map<String, List<String>> parts = parts(CASES.resolve(file));
        write(parts, directory);
        compareAll(parts.getOrDefault("cases", List.of()));
    }

    private static void write(Map<String, List<String>> parts, Path into) throws IOException {
        for (String name : FILES) {
            Files.write(into.resolve(name), parts.getOrDefault(name, List.of()));
        }
        ageFiles(into);
    }

    private static void ageFiles(Path in) throws IOException {
        for (String name : FILES) {
            PeerCommand.age(in.resolve(name));
        }
    }

    private static List<PeerCommand> runTheirs(List<List<String>> lines) throws Exception {
        List<Callable<PeerCommand>> commands = new ArrayList<>();
        for (List<String> arguments : lines) {
            commands.add(() -> PeerCommand.run("postconf", arguments));
        }
        return PeerCommand.runAll(commands);
    }

    /** The arguments of a case stand between bars. */
    @ParameterizedTest
    @MethodSource("edits")
    void editsAsPostfixDoes(String file) throws Exception {
        Map<String, List<String>> parts = parts(EDITS.resolve(file));
        List<String> cases = parts.getOrDefault("cases", List.of());
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            Path own = Files.createDirectory(directory.resolve(Integer.toString(i)));
            write(parts, own);
            lines.add(arguments(own, cases.get(i).split("\\|", -1)));
        }
        List<PeerCommand> theirs = runTheirs(lines);
        for (int i = 0; i < cases.size(); i++) {
            String line = cases.get(i);
            Path own = directory.resolve(Integer.toString(i));
            List<String> expected = contents(own);
            write(parts, own);
            PeerCommand ours = PeerCommand.runOurs("postconf", lines.get(i));
            assertEquals(expected.toString(), contents(own).toString(), line);
            assertSaysTheSame(theirs.get(i), ours, line);
            assertEquals(theirs.get(i).out(), ours.out(), line);
        }
    }

    private static List<String> arguments(Path directory, String... words) {
        List<String> arguments = new ArrayList<>(List.of("-c", directory.toString()));
        arguments.addAll(List.of(words));
        return arguments;
    }

    /** Rows that change stay where they are here; there they move below the comments that follow them. */
    private static List<String> contents(Path in) throws IOException {
        List<String> contents = new ArrayList<>();
        for (String name : FILES) {
            contents.add(Files.readString(in.resolve(name)));
        }
        return contents;
    }

    private void compareAll(List<String> cases) throws Exception {
        List<List<String>> lines = new ArrayList<>();
        for (String line : cases) {
            lines.add(arguments(directory, line.split(" ")));
        }
        List<PeerCommand> theirs = runTheirs(lines);
        for (int i = 0; i < lines.size(); i++) {
            PeerCommand ours = PeerCommand.runOurs("postconf", lines.get(i));
            assertEquals(withoutNames(theirs.get(i).out()), withoutNames(ours.outOfPostfix()), cases.get(i));
            assertSaysTheSame(theirs.get(i), ours, cases.get(i));
        }
    }

    private static void assertSaysTheSame(PeerCommand theirs, PeerCommand ours, String line) {
        assertEquals(theirs.exitCode() + "\n" + warnings(theirs), ours.exitCode() + "\n" + warnings(ours), line);
    }

    /** The product's name, and the number of the process, which Debian's debugger_command has. */
    private static String withoutNames(String out) {
        return out.replaceAll("ESMTP (Postfix|Stafette)", "ESMTP NAME")
                .replaceAll("postconf [0-9]+ &", "postconf PID &");
    }

    /** Theirs reads main.cf several times, and says each time that what is there is overridden. */
    private static List<String> warnings(PeerCommand command) {
        return command.err()
                .lines()
                .filter(line -> !line.contains("overriding earlier entry"))
                .distinct()
                .sorted()
                .toList();
    }

    /** The parts of a file, each behind a line with its name. */
    private static Map<String, List<String>> parts(Path file) throws IOException {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        List<String> part = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("--- ")) {
                part = new ArrayList<>();
                parts.put(line.substring(4), part);
            } else {
                part.add(line);
            }
        }
        return parts;
    }

    @ParameterizedTest
    @MethodSource("packagedFiles")
    void readsTheFilesOfTheDebianPackage(String main) throws Exception {
        Programs.require(Files.isReadable(SHARE.resolve(main)), "Debian's postfix with " + main);
        String text = Files.readString(SHARE.resolve(main));
        // Who names it without having set it gets ours.
        boolean isSet = text.contains("\ndata_directory =");
        Files.writeString(directory.resolve("main.cf"), isSet ? text : text + "\ndata_directory = /var/lib/postfix\n");
        Files.copy(SHARE.resolve("master.cf.dist"), directory.resolve("master.cf"));
        ageFiles(directory);
        compareAll(List.of("-n", "-nx", "-nf", "-C service", "-C user", "-M", "-Mf", "-F", "-P", "-Px"));
    }

    static Stream<String> packagedFiles() {
        return Stream.of("main.cf.debian", "main.cf.dist", "main.cf.tls");
    }

    /** Where we leave Postfix's way; ParametersTest says why. */
    private static final Set<String> OURS = Set.of(
            "mail_name",
            "mail_owner",
            "mail_version",
            "queue_directory",
            "data_directory",
            "config_directory",
            "process_id",
            "alias_maps",
            "lmtp_connection_cache_time_limit",
            "smtp_connection_cache_time_limit",
            "smtpd_forbid_bare_newline",
            "smtpd_forbid_unauth_pipelining");

    @Test
    void hasTheDefaultsOfEveryParameterThatPostfixHas() throws Exception {
        Files.copy(SHARE.resolve("main.cf.debian"), directory.resolve("main.cf"));
        Files.copy(SHARE.resolve("master.cf.dist"), directory.resolve("master.cf"));
        ageFiles(directory);
        List<String> arguments = List.of("-c", directory.toString(), "-d");
        Map<String, String> theirs =
                lines(PeerCommand.run("postconf", arguments).out());
        Map<String, String> ours =
                lines(PeerCommand.runOurs("postconf", arguments).out());
        Set<String> missing = new TreeSet<>(theirs.keySet());
        missing.removeAll(ours.keySet());
        assertEquals(Set.of(), missing);
        theirs.keySet().removeAll(OURS);
        ours.keySet().retainAll(theirs.keySet());
        assertEquals(theirs.toString().replace("}, ", "},\n"), ours.toString().replace("}, ", "},\n"));
    }

    private static Map<String, String> lines(String out) {
        Map<String, String> lines = new TreeMap<>();
        for (String line : out.split("\n")) {
            lines.put(line.substring(0, line.indexOf(" =")), line);
        }
        return lines;
    }

    private static final String TEMPLATES = """
            failure_template = <<EOF
            Subject: failure
            postmaster-Subject : copy

            Undelivered by $myhostname.
            EOF

            # A comment.
            delay_template = <<END
            From: postmaster
            Charset: utf-8

            ${delay_warning_time_hours} \u00fc $maximal_queue_lifetime_days $(mydomain) $$ ${nobody?x} $maximal_queue_lifetime
            END
            success_template = One line.
            verify_template = <<EOF

             First
            EOF
            """;

    static Stream<String> templates() {
        return Stream.of(
                "",
                "failure_template = <<EOF\n\nSubject: a\nNo: field\n\nSubject: b\nEOF\n",
                "failure_template = <<EOF\nSubject: a\n two\n\n\nlast\n\nEOF\n EOF\n",
                "failure_template = <<EOF\nSubject: a\n\nno end\n",
                "failure_template = <<EOF\nSubject x\n# text\nEOF\n",
                "failure_template = <<EOF\nSubject: x\nEOF\n",
                "failure_template = <<EOF\nSubject:\n\nx\nEOF\n",
                "failure_template = <<EOF\nSubject: \u00fc\n\nx\nEOF\n",
                "failure_template = <<EOF\n\u00fc\nEOF\n",
                "success_template = <<EOF\nPostmaster-Subject: a\n\nx\nEOF\n",
                "other_template = <<EOF\nx\nEOF\n",
                "failure_template = <<\nx\n\n",
                "failure_template = <<_\nx\n_\n",
                "failure_template <<EOF\nx\nEOF\n",
                "= x\n",
                "failure_template = x\n y\n",
                "failure_template = $nobody\n",
                "failure_template = $delay_warning_time_years\n",
                "failure_template = $maximal_queue_lifetime_seconds $delay_warning_time_weeks\n");
    }

    @Test
    void showsTemplatesAsPostfixDoes() throws Exception {
        Files.writeString(
                directory.resolve("main.cf"),
                "myhostname = mx.a.test\nmail_owner = postfix\nsetgid_group = postdrop\ndelay_warning_time = 4h\n"
                        + "bounce_template_file = $config_directory/0\n");
        ageFiles(directory);
        List<String> files = templates().toList();
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = directory.resolve(Integer.toString(i));
            Files.writeString(file, TEMPLATES + files.get(i), StandardCharsets.UTF_8);
            for (String flag : List.of("-b", "-t")) {
                lines.add(i == 0 ? arguments(directory, flag) : arguments(directory, flag, file.toString()));
            }
        }
        lines.add(arguments(directory, "-b", directory + "/missing"));
        lines.add(arguments(directory, "-t", "0", "1"));
        lines.add(arguments(directory, "-t", "-n"));
        List<PeerCommand> theirs = runTheirs(lines);
        for (int i = 0; i < lines.size(); i++) {
            PeerCommand ours = PeerCommand.runOurs("postconf", lines.get(i));
            String line = lines.get(i) + " " + (i / 2 < files.size() ? files.get(i / 2) : "");
            assertEquals(templatesOf(theirs.get(i)), templatesOf(ours), line);
            assertEquals(theirs.get(i).exitCode(), ours.exitCode(), line);
            assertEquals(complaints(theirs.get(i)), complaints(ours), line);
        }
    }

    /** Without the one that was left out: in its place there are built-in words, which are not the same. */
    private static String templatesOf(PeerCommand command) {
        Matcher leftOut = Pattern.compile(" in (failure|success) template").matcher(command.err());
        return leftOut.find() && command.err().contains("ignoring")
                ? command.out().replaceAll("(?s)(expanded_)?" + leftOut.group(1) + "_.*?\nEOF\n", "")
                : command.out();
    }

    /**
     * Where something begins that is wrong is said here, and once; there, the line behind the one that was read last, and
     * a missing end for each template that is shown.
     */
    private static List<String> complaints(PeerCommand command) {
        String text = command.err().replaceAll(", line [0-9]+", ", line N");
        return text.lines().distinct().toList();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        compareAll(List.of("mydomain", "-d mydomain"));
        Files.writeString(directory.resolve("main.cf"), "mydomain = x.y\n", StandardCharsets.UTF_8);
        ageFiles(directory);
        compareAll(List.of("mydomain", "-M"));
    }
}
