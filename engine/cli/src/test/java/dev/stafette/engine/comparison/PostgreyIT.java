// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's postgrey as policy server, found by the name of its host and that of its port. */
@Timeout(600)
class PostgreyIT {
    private static final long WAIT_S = 60;

    private Path parent;
    private Surroundings around;
    private Process postgrey;

    /** A line of /etc/services that nobody uses here. */
    private record NamedPort(String name, int number) {
        private static final Path SERVICES = Path.of("/etc/services");

        static NamedPort find() throws IOException {
            for (String line : Files.readAllLines(SERVICES)) {
                String[] words = line.split("\\s+");
                if (words.length > 1 && words[1].matches("[1-9]\\d{3,4}/tcp")) {
                    int number = Integer.parseInt(words[1].substring(0, words[1].indexOf('/')));
                    try (ServerSocket free = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
                        return new NamedPort(words[0], free.getLocalPort());
                    } catch (IOException taken) {
                        // The next one.
                    }
                }
            }
            throw new IOException(SERVICES + " names no port that is free");
        }
    }

    private NamedPort port;

    @BeforeEach
    void open() throws Exception {
        Path program = Programs.require(Path.of("/usr/sbin/postgrey"));
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: postgrey changes its user");
        Assumptions.assumeTrue(Files.isReadable(NamedPort.SERVICES), "skipped: no /etc/services");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "grey");
        around = Surroundings.open(List.of());
        port = NamedPort.find();
        Path data = Files.createDirectory(parent.resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgrey"));
        postgrey = new ProcessBuilder(
                        program.toString(),
                        "--inet=127.0.0.1:" + port.number(),
                        "--dbdir=" + data,
                        "--pidfile=" + parent.resolve("pid"),
                        "--delay=1",
                        "--auto-whitelist-clients=0")
                .redirectErrorStream(true)
                .redirectOutput(parent.resolve("out").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!isOpen() && postgrey.isAlive() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertTrue(isOpen(), () -> said());
    }

    private boolean isOpen() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String said() {
        try {
            return Files.readString(parent.resolve("out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @AfterEach
    void close() throws IOException {
        if (postgrey != null) {
            postgrey.destroy();
            postgrey.onExit().join();
        }
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    @Test
    @SuppressWarnings("try")
    void keepsStrangersWaitingUntilTheyHaveComeAgain() throws Exception {
        int smtp = FreePorts.find();
        List<String> mainCf = List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "local_recipient_maps =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "smtpd_peername_lookup = no",
                "smtpd_policy_service_timeout = 60s",
                "smtpd_recipient_restrictions = check_policy_service inet:localhost:" + port.name(),
                around.expand("local_transport = smtp:[127.0.0.11]:%sink", parent));
        Path directory = Files.createDirectory(parent.resolve("ours"));
        try (OurInstance ours = OurInstance.start(
                directory, mainCf, List.of(Side.row(smtp, "smtpd", List.of())), List.of(), around.nameServer())) {
            MailCase mail = new MailCase(
                    "grey", "127.0.0.1", "s@a.test", List.of("u@b.test"), List.of("From: s@a.test"), List.of());
            List<String> refusals = HandedIn.send(mail, "grey", smtp).refusals();
            assertTrue(
                    refusals.get(0)
                            .startsWith("S: RCPT TO:<u@b.test>: 450 4.2.0 <u@b.test>: Recipient address rejected:"
                                    + " Greylisted"),
                    refusals::toString);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
            while (!refusals.isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(200);
                refusals = HandedIn.send(mail, "grey", smtp).refusals();
            }
            assertEquals(List.of(), refusals);
        }
    }
}
