// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that listens on a socket in the file system, as syslogd does on /dev/log. */
@Timeout(180)
class SyslogOutputIT {
    private static final String TIME = "Nov  4 09:05:06";

    @TempDir
    private Path directory;

    private Path device;
    private Socket daemon;

    @BeforeEach
    void listen() throws IOException {
        Assumptions.assumeTrue(Epoll.isAvailable(), "skipped: needs Linux");
        device = directory.resolve("log");
        start();
    }

    private void start() throws IOException {
        daemon = Socket.newSocketDomainDgram();
        daemon.bind(new DomainSocketAddress(device.toString()));
    }

    @AfterEach
    void stop() throws IOException {
        if (daemon != null) {
            daemon.close();
        }
    }

    private List<String> received() throws IOException {
        List<String> datagrams = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
        int length = daemon.recv(buffer, 0, buffer.capacity());
        while (length > 0) {
            datagrams.add(StandardCharsets.UTF_8
                    .decode(buffer.duplicate().limit(length))
                    .toString());
            length = daemon.recv(buffer, 0, buffer.capacity());
        }
        return datagrams;
    }

    private static ByteBuffer block(String... lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(TIME).append(" mx1 ").append(line).append('\n');
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sendsEachLineWithItsPriority() throws IOException {
        try (SyslogOutput output = SyslogOutput.open(device, "mail")) {
            assertEquals(
                    0,
                    output.write(block(
                            "postfix/qmgr[1]: A: removed",
                            "postfix/smtpd[1]: warning: x",
                            "postfix/smtpd[1]: error: x",
                            "postfix/qmgr[1]: fatal: x",
                            "postlog: panic: x",
                            "postfix/smtp[1]: A: to=<ü@b.test>, status=deferred (host said: warning: x)")));
        }
        assertEquals(
                List.of(
                        "<22>" + TIME + " postfix/qmgr[1]: A: removed",
                        "<20>" + TIME + " postfix/smtpd[1]: warning: x",
                        "<19>" + TIME + " postfix/smtpd[1]: error: x",
                        "<18>" + TIME + " postfix/qmgr[1]: fatal: x",
                        "<18>" + TIME + " postlog: panic: x",
                        "<22>" + TIME + " postfix/smtp[1]: A: to=<ü@b.test>, status=deferred (host said: warning: x)"),
                received());
    }

    @Test
    void knowsTheFacilities() throws IOException {
        for (String facility : List.of("kern", "ftp", "local0", "local7")) {
            try (SyslogOutput output = SyslogOutput.open(device, facility)) {
                output.write(block("a[1]: x"));
            }
        }
        assertEquals(
                List.of("<6>", "<94>", "<134>", "<190>"),
                received().stream()
                        .map(line -> line.substring(0, line.indexOf('>') + 1))
                        .toList());
    }

    @Test
    void findsTheDaemonAgainAfterItsRestart() throws IOException {
        try (SyslogOutput output = SyslogOutput.open(device, "mail")) {
            output.write(block("a[1]: before"));
            daemon.close();
            assertEquals(2, output.write(block("a[1]: nobody hears", "a[1]: nor this")));
            Files.delete(device);
            assertEquals(1, output.write(block("a[1]: nobody is there")));
            start();
            assertEquals(0, output.write(block("a[1]: after")));
            assertEquals(List.of("<22>" + TIME + " a[1]: after"), received());
        }
    }

    /** The daemon hangs: the log loses lines, the mail goes on. */
    @Test
    void doesNotWaitForADaemonThatHangs() throws IOException {
        String line = "a[1]: " + "x".repeat(1000);
        String[] many = new String[2000];
        Arrays.fill(many, line);
        try (SyslogOutput output = SyslogOutput.open(device, "mail")) {
            int lostCount = output.write(block(many));
            assertEquals(many.length, lostCount + received().size());
        }
    }
}
