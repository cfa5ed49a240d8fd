// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Postfix's own server, in a directory of its own and on loopback: the machine {@code mx.b.test} of {@link TestHost}. It has
 * no queue manager, so that what it took stays to be looked at.
 */
final class PostfixServer implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/postfix/sbin");
    private static final String GREETING = "220 mx.b.test ESMTP";

    /** A port that was free may be somebody else's a moment later. */
    private static final int STARTS_MAX = 5;

    private static final int WAIT_MS_MAX = 60_000;

    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.6",
            "myhostname = mx.b.test",
            "mydomain = b.test",
            "myorigin = b.test",
            "mydestination = b.test",
            "relay_domains = relay.test",
            "mynetworks = 127.0.0.0/8",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "proxy_interfaces = 192.0.2.1",
            "local_recipient_maps =",
            "alias_maps =",
            "smtpd_peername_lookup = no",
            // Nobody takes messages out of the queue.
            "in_flow_delay = 0",
            "smtpd_soft_error_limit = 1000000",
            "smtpd_hard_error_limit = 1000000",
            "smtpd_junk_command_limit = 1000000",
            "smtpd_recipient_limit = 1000000",
            "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination");

    private final Path directory;
    private final Process master;
    private final List<Integer> ports;

    private PostfixServer(Path directory, Process master, List<Integer> ports) {
        this.directory = directory;
        this.master = master;
        this.ports = ports;
    }

    /** One service for each text of main.cf parameters, {@code name=value} and spaces between them; skips without Postfix or root. */
    static PostfixServer start(List<String> services) throws IOException, InterruptedException {
        return start(services, List.of(), List.of());
    }

    /** As {@link #start(List)}, with further lines of main.cf and rows of master.cf. */
    static PostfixServer start(List<String> services, List<String> mainCf, List<String> masterCf)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "skipped: only root may start Postfix's master");
        Programs.require(PROGRAMS.resolve("smtpd"));
        Path directory = Files.createTempDirectory("postfix-server");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path queue = directory.resolve("queue");
        UserPrincipal owner =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix");
        for (String name : List.of(
                "incoming",
                "active",
                "deferred",
                "hold",
                "corrupt",
                "private",
                "public",
                "maildrop",
                "pid",
                "bounce",
                "defer",
                "trace",
                "flush",
                "saved",
                "../data")) {
            Files.setOwner(Files.createDirectories(queue.resolve(name)), owner);
        }
        List<String> main = new ArrayList<>(MAIN_CF);
        main.addAll(mainCf);
        main.add("queue_directory = " + queue);
        main.add("data_directory = " + directory.resolve("data"));
        Path conf = Files.createDirectory(directory.resolve("conf"));
        Files.write(conf.resolve("main.cf"), main);
        PostfixServer server = startMaster(directory, services, masterCf);
        for (int i = 1; !server.isReady(); i++) {
            server.end();
            if (i == STARTS_MAX) {
                throw new IOException("master did not start: " + Files.readString(directory.resolve("out")));
            }
            server = startMaster(directory, services, masterCf);
        }
        return server;
    }

    private static PostfixServer startMaster(Path directory, List<String> services, List<String> masterCf)
            throws IOException {
        Path conf = directory.resolve("conf");
        List<Integer> ports = freePorts(services.size());
        List<String> rows = new ArrayList<>(List.of(
                "cleanup unix n - n - 0 cleanup",
                "rewrite unix - - n - - trivial-rewrite",
                "anvil unix - - n - 1 anvil",
                "flush unix n - n 1000? 0 flush"));
        rows.addAll(masterCf);
        for (int i = 0; i < services.size(); i++) {
            StringBuilder row = new StringBuilder("127.0.0.1:" + ports.get(i) + " inet n - n - - smtpd");
            for (String setting :
                    services.get(i).isEmpty() ? new String[0] : services.get(i).split(" ")) {
                row.append(" -o ").append(setting);
            }
            rows.add(row.toString());
        }
        Files.write(conf.resolve("master.cf"), rows);
        Process master = new ProcessBuilder(PROGRAMS.resolve("master").toString(), "-d", "-c", conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        return new PostfixServer(directory, master, ports);
    }

    /** No two of them are the same. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : taken) {
                socket.close();
            }
        }
    }

    /** Waits until it greets on its last port, and so has all of them, or has ended. */
    private boolean isReady() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
        while (System.nanoTime() < deadline && master.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(address(ports.size() - 1));
                String said = new SocketClient(socket).reply();
                return said != null && said.startsWith(GREETING);
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        return false;
    }

    /** Of the service with this index. */
    InetSocketAddress address(int service) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(service));
    }

    /** What Postfix's postcat says of the envelope of the message that came last, one char a byte. */
    List<String> lastEnvelope() throws IOException, InterruptedException {
        List<Path> files = completeMessages();
        if (files.size() != 1) {
            throw new IOException("messages in the queue: " + files);
        }
        Process postcat = new ProcessBuilder(
                        "/usr/sbin/postcat",
                        "-c",
                        directory.resolve("conf").toString(),
                        "-e",
                        files.get(0).toString())
                .redirectError(directory.resolve("postcat-errors").toFile())
                .start();
        String text = new String(postcat.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        postcat.waitFor();
        Files.delete(files.get(0));
        return text.lines().toList();
    }

    /** Those of transactions that were broken off, which cleanup may not have got round to remove, cannot be executed. */
    private List<Path> completeMessages() throws IOException {
        List<Path> complete = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory.resolve("queue/incoming"))) {
            for (Path path : all.toList()) {
                if (isComplete(path)) {
                    complete.add(path);
                }
            }
        }
        return complete;
    }

    private static boolean isComplete(Path message) throws IOException {
        try {
            return Files.getPosixFilePermissions(message).contains(PosixFilePermission.OWNER_EXECUTE);
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    private void end() {
        master.destroy();
        try {
            if (!master.waitFor(WAIT_MS_MAX, TimeUnit.MILLISECONDS)) {
                master.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        end();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
        boolean isGone = false;
        while (!isGone) {
            try {
                delete();
                isGone = true;
            } catch (IOException | UncheckedIOException changing) {
                // Master has told its daemons to end, and has not waited for them.
                if (System.nanoTime() > deadline) {
                    throw changing;
                }
                Thread.yield();
            }
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
