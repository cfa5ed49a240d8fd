// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Debian's Dovecot with its auth alone: {@code joe} has the password {@code secret}, and failures are not slowed down. */
public final class Dovecot implements AutoCloseable {
    /** A port that was free may be somebody else's a moment later. */
    private static final int STARTS_MAX = 5;

    private final Path directory;
    private final int port;
    private final Process process;

    private Dovecot(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Skips without Dovecot or root. {@code directory}: with a short name, as sockets are in it. */
    public static Dovecot start(Path directory) throws IOException, InterruptedException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root may start Dovecot");
        Path program = Programs.require(Path.of("/usr/sbin/dovecot"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Dovecot dovecot = start(program, directory);
        for (int i = 1; !dovecot.isReady(); i++) {
            dovecot.close();
            if (i == STARTS_MAX) {
                throw new IOException("dovecot did not start: " + Files.readString(directory.resolve("dovecot.out")));
            }
            dovecot = start(program, directory);
        }
        return dovecot;
    }

    private static Dovecot start(Path program, Path directory) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path users = Files.writeString(directory.resolve("users"), "joe:{PLAIN}secret\nann:{PLAIN}word\n");
        Path file = Files.write(
                directory.resolve("dovecot.conf"),
                List.of(
                        "protocols =",
                        "listen = 127.0.0.1",
                        "base_dir = " + directory.resolve("run"),
                        "state_dir = " + directory.resolve("run"),
                        "log_path = " + directory.resolve("dovecot.log"),
                        "ssl = no",
                        "disable_plaintext_auth = no",
                        "auth_mechanisms = plain login cram-md5 scram-sha-256 anonymous",
                        "auth_failure_delay = 0",
                        "passdb {",
                        "  driver = passwd-file",
                        "  args = scheme=PLAIN " + users,
                        "}",
                        "userdb {",
                        "  driver = static",
                        "  args = uid=1000 gid=1000 home=/tmp",
                        "}",
                        "service auth {",
                        "  unix_listener " + directory.resolve("auth") + " {",
                        "    mode = 0666",
                        "  }",
                        "  inet_listener {",
                        "    address = 127.0.0.1",
                        "    port = " + port,
                        "  }",
                        "}",
                        "service anvil {",
                        "  unix_listener anvil-auth-penalty {",
                        "    mode = 0",
                        "  }",
                        "}"));
        Process process = new ProcessBuilder(program.toString(), "-F", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dovecot.out").toFile())
                .start();
        return new Dovecot(directory, port, process);
    }

    /** Waits until its auth says something to a client, or it has ended. Postfix gives auth no more than 10 s for that. */
    private boolean isReady() throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() - deadlineNs < 0 && process.isAlive()) {
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(socket()));
                if (channel.read(ByteBuffer.allocate(1)) > 0) {
                    return true;
                }
            } catch (IOException notYet) {
                // Nobody listens so far.
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return false;
    }

    public Path socket() {
        return directory.resolve("auth");
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
