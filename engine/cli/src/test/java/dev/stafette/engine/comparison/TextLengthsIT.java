// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.config.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each text of our table that may not be empty, given empty to the program of Debian's Postfix that the table names. */
@Timeout(900)
class TextLengthsIT {
    private static final Path DAEMONS = Path.of("/usr/lib/postfix/sbin");

    /** A program that reads what all read, and one that reads what those with TLS do. */
    private static final Map<String, String> PROGRAMS = Map.of("every", "pickup", "tls", "smtp");

    @TempDir
    private Path directory;

    private record Asked(String section, String name, String least) {}

    private static List<Asked> table() throws IOException {
        String text;
        try (InputStream in = Configuration.class.getResourceAsStream("text-lengths.txt")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Asked> table = new ArrayList<>();
        String section = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int space = line.indexOf(' ');
                table.add(
                        space < 0
                                ? new Asked(section, line, "1")
                                : new Asked(
                                        section,
                                        line.substring(0, space),
                                        line.substring(space + 1, line.indexOf(".."))));
            }
        }
        return table;
    }

    /** What the program says instead of the refusal; null where it says that. */
    private String otherThanRefused(Asked asked) throws IOException, InterruptedException {
        Path own = Files.createDirectories(directory.resolve(asked.section() + "." + asked.name()));
        Files.createDirectories(own.resolve("queue"));
        Files.writeString(
                own.resolve("main.cf"),
                "compatibility_level = 3.6\nmyhostname = mx.b.test\nsmtp_tls_security_level = may\nqueue_directory = "
                        + own.resolve("queue") + "\ndata_directory = " + own + "\n" + asked.name() + " =\n");
        Files.writeString(own.resolve("master.cf"), "");
        List<String> command = asked.section().equals("postfix")
                // It speaks to terminals alone.
                ? List.of("script", "-qec", "/usr/sbin/postfix -c " + own + " status", "/dev/null")
                : List.of(
                        DAEMONS.resolve(PROGRAMS.getOrDefault(asked.section(), asked.section()))
                                .toString(),
                        "-S",
                        "-V");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(own.resolve("said").toFile());
        builder.environment().put("MAIL_CONFIG", own.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(own.resolve("said"));
        String refusal = "(?s).*fatal: bad string length \\(?0 < " + asked.least() + "\\)?: " + asked.name() + " =.*";
        return ended && said.matches(refusal) ? null : asked + ": " + said;
    }

    @Test
    void postfixRefusesEachThatIsEmpty() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("long.lengths"), "-Dlong.lengths=true runs it");
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "only root may start Postfix's programs");
        Programs.require(DAEMONS.resolve("smtpd"));
        Programs.require("script");
        List<Asked> table = table();
        assertTrue(table.size() > 150, "names: " + table.size());
        ExecutorService workers = Executors.newFixedThreadPool(16);
        List<String> others = new ArrayList<>();
        try {
            List<Future<String>> running = new ArrayList<>();
            table.forEach(asked -> running.add(workers.submit(() -> otherThanRefused(asked))));
            for (Future<String> one : running) {
                String other = one.get();
                if (other != null) {
                    others.add(other);
                }
            }
        } finally {
            workers.shutdownNow();
        }
        assertEquals(List.of(), others);
    }
}
