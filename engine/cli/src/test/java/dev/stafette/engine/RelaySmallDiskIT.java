// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.SinkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The installation with its queue on a file system of 64 MB, and all sizes as they are by default. */
@Timeout(300)
@ExtendWith(OneTry.class)
class RelaySmallDiskIT {
    private static final int SESSIONS = 4;

    private SmallDiskRelay relay;

    @BeforeEach
    void mount() throws Exception {
        relay = SmallDiskRelay.mount(64);
    }

    @AfterEach
    void unmount() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    private void configure(String line) throws IOException {
        Files.writeString(relay.directory().resolve("main.cf"), line + "\n", StandardOpenOption.APPEND);
    }

    @Test
    void takesDeliversAndStartsAgain() throws Exception {
        try (DiscardSink sink = DiscardSink.open(
                SinkSettings.acceptingAll(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
            configure("relayhost = [127.0.0.1]:" + sink.port());
            for (int start = 0; start < 2; start++) {
                try (MtaProcess process = relay.start()) {
                    process.awaitReady();
                    // More than there is room for at once, by far.
                    LoadResult sent = relay.send(SESSIONS, start * 10_000L, 1_500);
                    assertEquals(0, sent.permanentCount() + sent.unansweredCount());
                    SmallDiskRelay.awaitArrival(sink, sent);
                    awaitLargeMessage(9_000_000);
                    assertTrue(process.isAlive());
                }
            }
            assertEquals(0, sink.counts().duplicates());
        }
        String needs =
                "queue_directory needs 43 MB free: segments 2 x 4 MB, journal 12 MB, ballast 4 MB, kept free 19 MB;";
        assertTrue(relay.log().contains(needs), relay.log());
    }

    @Test
    void refusesWhatDoesNotFit() throws Exception {
        configure("message_size_limit = 0");
        configure("relayhost = [127.0.0.1]:1");
        try (MtaProcess process = relay.start()) {
            process.awaitReady();
            try (SmallDiskRelay.Client client = relay.new Client()) {
                client.say("HELO c.test");
                assertEquals(SmallDiskRelay.NO_SPACE, client.say("MAIL FROM:<a@a.test> SIZE=70000000"));
                assertEquals("250 2.1.0 Ok", client.say("MAIL FROM:<a@a.test> SIZE=2000"));
                client.say("RSET");
            }
            assertEquals(SmallDiskRelay.NO_SPACE, largeMessage(80_000_000));
            relay.awaitSpace();
            awaitLargeMessage(1_000_000);
        }
    }

    @Test
    void saysThatMoreIsNeeded() throws Exception {
        configure("message_size_limit = 50000000");
        configure("relayhost = [127.0.0.1]:1");
        try (MtaProcess process = relay.start()) {
            process.awaitReady();
            try (SmallDiskRelay.Client client = relay.new Client()) {
                client.say("HELO c.test");
                assertEquals(SmallDiskRelay.NO_SPACE, client.say("MAIL FROM:<a@a.test>"));
                assertEquals(
                        "552 5.3.4 Message size exceeds fixed limit", client.say("MAIL FROM:<a@a.test> SIZE=50000001"));
            }
            awaitWarning(relay::log, "warning: as long as there is no more, mail is answered 452");
            Path terminal = relay.directory().resolve("stderr.log");
            awaitWarning(() -> Files.readString(terminal), "warning: queue_directory needs 100 MB free: ");
        }
    }

    private interface Text {
        String read() throws IOException;
    }

    /** It may be said when the port is open already. */
    private static void awaitWarning(Text text, String wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!text.read().contains(wanted) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertTrue(text.read().contains(wanted), text.read());
    }

    /** The room of what was delivered before is free a while after it has arrived. */
    private void awaitLargeMessage(int bytes) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String reply = largeMessage(bytes);
        while (reply.equals(SmallDiskRelay.NO_SPACE) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            reply = largeMessage(bytes);
        }
        assertEquals("250 2.0.0 Ok", reply.substring(0, 12));
    }

    /** The reply to its end, or to its beginning, when that is not taken. */
    private String largeMessage(int bytes) throws IOException {
        try (SmallDiskRelay.Client client = relay.new Client()) {
            client.say("HELO c.test");
            String begun = client.say("MAIL FROM:<a@a.test>");
            if (!begun.startsWith("250")) {
                return begun;
            }
            client.say("RCPT TO:<b@b.test>");
            client.say("DATA");
            byte[] line = ("x".repeat(98) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int sent = 0; sent < bytes; sent += line.length) {
                client.write(line);
            }
            String reply = client.say(".");
            assertEquals("221 2.0.0 Bye", client.say("QUIT"));
            return reply;
        }
    }
}
