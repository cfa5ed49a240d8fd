// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A mail system with one configuration, whichever it is, that delivers to mailboxes of users.
 * Thread: main.
 */
final class MailboxSide implements AutoCloseable {
    static final String DOMAIN = "mx.t.test";

    /** A directory of its own in each user's home. */
    static final String IN_HOME = "stafette-bench-mail";

    static final Path MASTER_CF = Path.of("/usr/share/postfix/master.cf.dist");

    private static final long WAIT_S = 120;
    private static final byte[] SENT = "status=sent".getBytes(StandardCharsets.US_ASCII);

    private final Path postfix;
    private final Path directory;
    private final int port;
    private final SideCpu cpu;

    // Owned by main.
    private long readBytes;
    private long sentCount;
    private int matchedBytes;

    private MailboxSide(Path postfix, Path directory, int port) {
        this.postfix = postfix;
        this.directory = directory;
        this.port = port;
        this.cpu = new SideCpu(directory);
    }

    /** {@code account}: of a recipient that ends in a digit, which is {@code $1}. */
    static MailboxSide start(Path postfix, Path directory, String kind, String account, String mainCf)
            throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        MailboxSide side = new MailboxSide(postfix, directory, port);
        side.configure(kind, account, mainCf);
        side.command("start");
        side.awaitListening();
        return side;
    }

    int port() {
        return port;
    }

    private void configure(String kind, String account, String mainCf) throws IOException {
        Path config = Files.createDirectories(directory.resolve("etc"));
        Path data = Files.createDirectory(directory.resolve("data"));
        Path mail = Files.createDirectory(directory.resolve("mail"));
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setAttribute(mail, "unix:mode", 01777);
        if (mainCf.contains("= postfix")) {
            Files.createDirectory(directory.resolve("spool"));
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        }
        Files.writeString(config.resolve("users"), "/^[0-9]*([0-9])x@" + DOMAIN + "$/ " + account + "\n");
        String rows = Files.readString(MASTER_CF)
                .replaceAll("(?m)^smtp +inet.*$", "127.0.0.1:" + port + " inet n - n - - smtpd")
                .replaceAll("(?m)^(\\S+\\s+\\S+\\s+\\S+\\s+\\S+\\s+)y(\\s)", "$1n$2");
        Files.writeString(config.resolve("master.cf"), rows);
        Files.write(
                config.resolve("main.cf"),
                List.of(
                        "compatibility_level = 3.6",
                        "myhostname = " + DOMAIN,
                        "mydestination = " + DOMAIN,
                        "queue_directory = " + directory.resolve("spool"),
                        "data_directory = " + data,
                        "maillog_file = " + log(),
                        "maillog_file_prefixes = " + directory,
                        "inet_interfaces = 127.0.0.1",
                        "inet_protocols = ipv4",
                        "mynetworks = 127.0.0.0/8",
                        "alias_maps =",
                        "virtual_alias_maps = regexp:" + config.resolve("users"),
                        "mail_spool_directory = " + mail,
                        "mailbox_size_limit = 0",
                        "smtpd_client_connection_count_limit = 0",
                        "biff = no",
                        "home_mailbox = "
                                + (kind.equals("maildir") ? IN_HOME + "/" + directory.getFileName() + "/" : ""),
                        mainCf));
    }

    private Path log() {
        return directory.resolve("mail.log");
    }

    private void command(String name) throws IOException {
        Process process = new ProcessBuilder(
                        postfix.toString(), "-c", directory.resolve("etc").toString(), name)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
        try {
            if (!process.waitFor(WAIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(postfix + " " + name + ": " + Files.readString(directory.resolve("said")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void awaitListening() throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - endNs > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    /** Messages a second, and the CPU of each in us. */
    record Figures(double perSecond, double cpuUs) {}

    /** What the source sends, until all of it is in mailboxes. */
    Figures measure(List<String> source, int count) throws IOException {
        readLog();
        long usedUs = cpu.usedUs();
        long before = sentCount;
        long beganNs = System.nanoTime();
        Process process = new ProcessBuilder(source)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            while (sentCount < before + count) {
                if (System.nanoTime() - beganNs > TimeUnit.SECONDS.toNanos(WAIT_S)) {
                    throw new IOException((sentCount - before) + " of " + count + " messages were delivered: " + log());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                readLog();
            }
        } finally {
            process.destroy();
        }
        double perSecond = count / ((System.nanoTime() - beganNs) / 1e9);
        return new Figures(perSecond, (cpu.usedUs() - usedUs) / (double) count);
    }

    /** What has come to it. */
    private void readLog() throws IOException {
        if (Files.notExists(log())) {
            return;
        }
        try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
            file.seek(readBytes);
            byte[] bytes = new byte[1 << 16];
            for (int length = file.read(bytes); length > 0; length = file.read(bytes)) {
                readBytes += length;
                for (int i = 0; i < length; i++) {
                    matchedBytes = bytes[i] == SENT[matchedBytes] ? matchedBytes + 1 : bytes[i] == SENT[0] ? 1 : 0;
                    if (matchedBytes == SENT.length) {
                        sentCount++;
                        matchedBytes = 0;
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        command("stop");
    }
}
