// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.testing.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Debian's Postfix, in a directory of its own, as far as its SMTP client needs it. A destination is dead after its first
 * failure, so that a second message shows whether there was one.
 */
final class PostfixClient implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
    private static final Path DAEMONS = Path.of("/usr/lib/postfix/sbin");
    private static final long WAIT_S = 120;

    /** Column 1 of master.cf and its last one. */
    static final Map<String, String> CLIENTS = clients();

    private final Path directory;
    private final int port;

    /** Each that is hasty is so at one step alone: at the others a busy machine may take its time. */
    private static Map<String, String> clients() {
        Map<String, String> clients = new TreeMap<>();
        clients.put("smtp", "smtp");
        clients.put("believe", "smtp -o smtp_skip_5xx_greeting=no");
        clients.put("helo", "smtp -o smtp_never_send_ehlo=yes -o smtp_always_send_ehlo=no");
        clients.put("lmtp", "lmtp");
        clients.put("hasty-lmtp", "lmtp -o lmtp_data_done_timeout=4s");
        for (String step : List.of("helo", "mail", "rcpt", "data_init", "data_done")) {
            clients.put("hasty-" + step, "smtp -o smtp_" + step + "_timeout=4s");
        }
        return clients;
    }

    private PostfixClient(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** The test is skipped where it cannot be had. */
    static void assumeThere() {
        Programs.require(PROGRAM);
        Programs.require(DAEMONS.resolve("smtp"));
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root starts Postfix");
    }

    /** @param transports lines of a transport table */
    static PostfixClient start(List<String> transports) throws Exception {
        Path directory = Files.createTempDirectory("stafette-postfix");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        PostfixClient client = new PostfixClient(directory, freePort());
        client.configure(transports);
        client.run("start");
        return client;
    }

    /** Below the ports that clients get, of which one could take it before Postfix does. */
    private static int freePort() {
        for (int port = 10_000 + (int) (System.nanoTime() % 10_000); ; port++) {
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
    }

    private void configure(List<String> transports) throws IOException {
        Path etc = Files.createDirectory(directory.resolve("etc"));
        Files.createDirectory(directory.resolve("spool"));
        Files.write(etc.resolve("transport"), transports);
        Files.writeString(etc.resolve("main.cf"), """
            compatibility_level = 3.6
            queue_directory = %1$s/spool
            data_directory = %1$s/data
            command_directory = /usr/sbin
            daemon_directory = %2$s
            mail_owner = postfix
            setgid_group = postdrop
            myhostname = relay.test
            mydestination =
            local_recipient_maps =
            alias_maps =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            maillog_file = %1$s/mail.log
            maillog_file_prefixes = %1$s
            transport_maps = texthash:%1$s/etc/transport
            default_transport = discard:
            notify_classes =
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_peername_lookup = no
            smtp_host_lookup = native
            lmtp_host_lookup = native
            lmtp_connection_cache_on_demand = no
            smtp_connection_cache_on_demand = no
            initial_destination_concurrency = 1
            default_process_limit = 1000
            """.formatted(directory, DAEMONS));
        StringBuilder services = new StringBuilder("""
            127.0.0.1:%d inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            retry unix - - n - - error
            discard unix - - n - - discard
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd
            """.formatted(port));
        CLIENTS.forEach((name, command) -> services.append(name + " unix - - n - - " + command + "\n"));
        Files.writeString(etc.resolve("master.cf"), services);
    }

    private void run(String command) throws IOException {
        Path output = directory.resolve(command + ".out");
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), "-c", directory.resolve("etc").toString(), command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (process.waitFor(WAIT_S, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("postfix " + command + ": " + Files.readString(output));
    }

    /** One session, one message after the other, each for the recipients of one list. */
    void submit(List<List<String>> messages) throws IOException {
        try {
            submitAll(messages);
        } catch (IOException e) {
            throw new IOException(log(), e);
        }
    }

    private void submitAll(List<List<String>> messages) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_S));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            expect(in, "220");
            say(socket, "HELO client.test\r\n");
            expect(in, "250");
            for (List<String> recipients : messages) {
                StringBuilder envelope = new StringBuilder("MAIL FROM:<a@a.test>\r\n");
                recipients.forEach(recipient -> envelope.append("RCPT TO:<" + recipient + ">\r\n"));
                say(socket, envelope.toString());
                for (int i = 0; i <= recipients.size(); i++) {
                    expect(in, "250");
                }
                say(socket, "DATA\r\n");
                expect(in, "354");
                say(socket, "Subject: x\r\n\r\nhello\r\n.\r\n");
                expect(in, "250");
            }
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void expect(BufferedReader in, String code) throws IOException {
        String line = in.readLine();
        if (line == null || !line.startsWith(code)) {
            throw new IOException("expected " + code + ", got " + line);
        }
    }

    /** Lines of the log about deliveries to a recipient like that, when there are so many of them. */
    List<String> awaitDeliveries(Predicate<String> recipient, int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (true) {
            List<String> found = new ArrayList<>();
            for (String line : wholeLines(log())) {
                int to = line.indexOf(": to=<");
                if (to >= 0
                        && line.contains(", status=")
                        && recipient.test(line.substring(to + 6, line.indexOf('>', to)))) {
                    found.add(line);
                }
            }
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + found.size() + " of " + count + " ended:\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** The last one may still be being written. */
    private static String[] wholeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1).split("\n");
    }

    private String log() throws IOException {
        Path file = directory.resolve("mail.log");
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() throws IOException {
        run("stop");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!isDeleted()) {
            if (System.nanoTime() > deadline) {
                throw new IOException(directory + " is still in use");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Daemons that have not heard yet that it is over may make files and take some away meanwhile. */
    private boolean isDeleted() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (NoSuchFileException | DirectoryNotEmptyException | UncheckedIOException e) {
            return Files.notExists(directory);
        }
    }
}
