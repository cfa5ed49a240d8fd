// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mail for users of this machine ({@code local/cases.txt}): the log says the same as Debian's Postfix's, and the files that are
 * there afterwards have the same bytes but for dates and names, but for what {@code local/pending.txt} lists.
 *
 * <p>With {@code -Dlong.local=true}, since it takes a minute. It needs root: Postfix does, and both see accounts of their own. Ours runs as nobody, who all users are.
 */
@Timeout(600)
class LocalComparisonIT {
    private static final int CASES_MIN = 50;

    private Path parent;
    private List<LocalCase> cases;
    private Surroundings around;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(Boolean.getBoolean("long.local"), "-Dlong.local=true runs it");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        Programs.require("setpriv");
        Programs.require(Path.of("/usr/bin/procmail"));
        Assumptions.assumeTrue(Files.isExecutable(Installation.script()), "no installation: mvn package makes it");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "local");
        cases = LocalCase.read(resource("/local/cases.txt"));
        around = Surroundings.open(List.of());
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream in = LocalComparisonIT.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @AfterEach
    void delete() throws IOException {
        if (around != null) {
            around.close();
        }
        if (parent != null && !Boolean.getBoolean("local.keep")) {
            MtaDirectory.delete(parent);
        }
    }

    private Map<String, String> postfix() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("postfix"));
        LocalSide side = new LocalSide(Files.createDirectories(directory.resolve("base")), cases);
        List<String> mainCf = side.prepare();
        Files.copy(directory.resolve("base/passwd"), directory.resolve("passwd"));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(RoutingComparisonIT.POSTFIX_MASTER_CF);
        rows.removeIf(row -> row.startsWith("relay "));
        rows.addAll(side.services());
        rows.add(Side.row(port, "smtpd", List.of()));
        PostfixInstance postfix = PostfixInstance.start(directory, mainCf, rows, List.of(), around.nameServer(), port);
        try (postfix) {
            side.send(port);
            return side.outcomes(directory.resolve("mail.log"));
        }
    }

    private Map<String, String> ours() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("ours"));
        LocalSide side = new LocalSide(Files.createDirectories(directory.resolve("base")), cases);
        List<String> main = new ArrayList<>(side.prepare());
        main.addAll(List.of(
                "queue_directory = " + directory.resolve("queue"),
                "data_directory = " + directory.resolve("data"),
                "maillog_file = " + directory.resolve("mail.log"),
                "mail_owner = nobody",
                "dns_servers = " + around.nameServer()));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(List.of(
                "smtp unix - - n - - smtp",
                "error unix - - n - - error",
                "retry unix - - n - - error",
                "discard unix - - n - - discard",
                "local unix - n n - - local",
                "virtual unix - n n - - virtual"));
        rows.addAll(side.services());
        rows.add(Side.row(port, "smtpd", List.of()));
        Files.write(directory.resolve("main.cf"), main);
        Files.write(directory.resolve("master.cf"), rows);
        LocalSide.run(List.of("chown", LocalSide.UID + ":" + LocalSide.UID, directory.toString()));
        Process process = new ProcessBuilder(start(directory))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        try {
            awaitPort(process, port, directory);
            side.send(port);
            return side.outcomes(directory.resolve("mail.log"));
        } finally {
            process.destroy();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static List<String> start(Path directory) {
        String script = "mount --bind " + directory.resolve("base/passwd") + " /etc/passwd && exec setpriv --reuid="
                + LocalSide.UID + " --regid=" + LocalSide.UID + " --clear-groups -- "
                + Installation.script().resolveSibling("postfix") + " -c " + directory + " start-fg";
        return List.of("unshare", "-m", "sh", "-c", script);
    }

    private static void awaitPort(Process process, int port, Path directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException("it did not start: " + Files.readString(directory.resolve("out")));
    }

    @Test
    void deliversAsPostfixDoes() throws Exception {
        assertTrue(cases.size() >= CASES_MIN, () -> "only " + cases.size() + " cases");
        Map<String, String> ours = ours();
        Map<String, String> postfix = postfix();
        List<String> pending = resource("/local/pending.txt").stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(": ")[0])
                .toList();
        TreeSet<String> different = new TreeSet<>();
        StringBuilder what = new StringBuilder();
        for (LocalCase one : cases) {
            String title = one.title();
            if (!ours.get(title).equals(postfix.get(title))) {
                different.add(title);
                what.append("\n== " + title + "\n-- Postfix\n" + postfix.get(title) + "-- ours\n" + ours.get(title));
            }
        }
        assertEquals(new TreeSet<>(pending), different, what::toString);
    }
}
