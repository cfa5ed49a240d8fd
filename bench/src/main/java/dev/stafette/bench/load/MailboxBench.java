// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How fast messages come into users' mailboxes, from the first command of Postfix's smtp-source to the last line of the log that
 * says sent: beside Debian's Postfix, whose turn is before each of ours, on the same disk. It needs root, Postfix, and accounts.
 * Thread: main.
 */
public final class MailboxBench {
    private static final Path SMTP_SOURCE = Path.of("/usr/sbin/smtp-source");
    private static final Path THEIR_POSTFIX = Path.of("/usr/sbin/postfix");

    @Option(names = "--messages", paramLabel = "N", description = "In each round.")
    private int messageCount = 2000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Of each, the first of which warms up and does not count.")
    private int roundCount = 6;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of a message.")
    private int messageBytes = 4096;

    @Option(names = "--sessions", paramLabel = "N", description = "Sessions of smtp-source.")
    private int sessionCount = 20;

    @Option(names = "--users", paramLabel = "NAME", description = "Ten accounts: NAME0 to NAME9.")
    private String users = "lu";

    @Option(names = "--only", paramLabel = "maildir|mbox", description = "One of the two.")
    private @Nullable String only;

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private MailboxBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        MailboxBench bench = new MailboxBench();
        return BenchCommand.run("mailboxes", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Map<String, Path> homes = homes();
        String missing = missing(homes);
        if (missing != null) {
            out.println("mailboxes: skipped: " + missing);
            return true;
        }
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try {
            Environment.print(out, home, relayOptions, parent, commandLine);
            for (String kind : List.of("maildir", "mbox")) {
                if (only == null || only.equals(kind)) {
                    measure(out, kind, home, parent.resolve(kind), homes);
                }
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    /** Of the accounts, as far as they are there. */
    private Map<String, Path> homes() throws IOException {
        Map<String, Path> homes = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            String[] fields = line.split(":", -1);
            if (fields.length > 5 && fields[0].matches(users + "[0-9]")) {
                homes.put(fields[0], Path.of(fields[5]));
            }
        }
        return homes;
    }

    private @Nullable String missing(Map<String, Path> homes) throws IOException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return "only root delivers to others";
        }
        for (Path program : List.of(SMTP_SOURCE, THEIR_POSTFIX, MailboxSide.MASTER_CF)) {
            if (Files.notExists(program)) {
                return "there is no " + program + " (apt-get install postfix)";
            }
        }
        return homes.size() == 10
                ? null
                : "there are " + homes.size() + " of the accounts " + users + "0 to " + users
                        + "9 (for i in 0 1 2 3 4 5 6 7 8 9; do useradd -m " + users + "$i; done)";
    }

    private void measure(PrintStream out, String kind, Path home, Path directory, Map<String, Path> homes)
            throws IOException {
        double[] theirs = new double[roundCount];
        double[] ours = new double[roundCount];
        String account = users + "$1@" + MailboxSide.DOMAIN;
        List<Path> boxes = new ArrayList<>();
        homes.values().forEach(user -> boxes.add(user.resolve(MailboxSide.IN_HOME)));
        try (MailboxSide postfix = MailboxSide.start(
                        THEIR_POSTFIX, directory.resolve("theirs"), kind, account, "mail_owner = postfix");
                MailboxSide stafette = MailboxSide.start(
                        home.resolve("bin/postfix"), directory.resolve("ours"), kind, account, "mail_owner = nobody")) {
            for (int i = 0; i < roundCount; i++) {
                MailboxSide.Figures their = postfix.measure(source(postfix), messageCount);
                MailboxSide.Figures our = stafette.measure(source(stafette), messageCount);
                theirs[i] = their.perSecond();
                ours[i] = our.perSecond();
                out.printf(
                        Locale.ROOT,
                        "%-8s round %d: Postfix %,.0f a second, %,.0f us of CPU each, Stafette %,.0f, %,.0f us%n",
                        kind,
                        i,
                        their.perSecond(),
                        their.cpuUs(),
                        our.perSecond(),
                        our.cpuUs());
            }
        } finally {
            for (Path box : boxes) {
                if (Files.exists(box)) {
                    MtaDirectory.delete(box);
                }
            }
        }
        double their = median(theirs);
        double our = median(ours);
        out.printf(
                Locale.ROOT,
                "%-8s medians of rounds 1 to %d: Postfix %,.0f a second, Stafette %,.0f: %.2f times%n",
                kind,
                roundCount - 1,
                their,
                our,
                our / their);
    }

    private static double median(double[] rounds) {
        double[] counted = IntStream.range(Math.min(1, rounds.length - 1), rounds.length)
                .mapToDouble(i -> rounds[i])
                .sorted()
                .toArray();
        return Arrays.stream(counted)
                .skip((counted.length - 1) / 2)
                .limit(2 - counted.length % 2)
                .average()
                .orElse(0);
    }

    private List<String> source(MailboxSide side) {
        return List.of(
                SMTP_SOURCE.toString(),
                "-s",
                Integer.toString(sessionCount),
                "-m",
                Integer.toString(messageCount),
                "-l",
                Integer.toString(messageBytes),
                "-N",
                "-d",
                "-t",
                "x@" + MailboxSide.DOMAIN,
                "-f",
                "a@a.test",
                "127.0.0.1:" + side.port());
    }
}
