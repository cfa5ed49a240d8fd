// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.demo.HeldPort;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.SinkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The installation with its queue on a file system that runs full, seen through SMTP. */
@Timeout(300)
@ExtendWith(OneTry.class)
class RelayDiskFullIT {
    private static final int SESSIONS = 10;

    /** More than the file system holds. */
    private static final int MESSAGES = 5000;

    private SmallDiskRelay relay;

    @BeforeEach
    void mount() throws Exception {
        relay = SmallDiskRelay.mount(
                48,
                "relayhost = [127.0.0.1]:" + HeldPort.next(),
                "body_segment_size = 2m",
                "queue_ballast_size = 2m",
                "message_size_limit = 1m",
                "smtpd_soft_error_limit = 100000",
                "smtpd_hard_error_limit = 100000");
    }

    @AfterEach
    void unmount() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    @Test
    void refusesMailAndDeliversWhatItHasUntilThereIsSpaceAgain() throws Exception {
        try (MtaProcess process = relay.start()) {
            process.awaitReady();
            LoadResult filled = relay.send(SESSIONS, 0, MESSAGES);
            assertTrue(filled.transientCount() > 0, "the disk never ran full");
            assertEquals(0, filled.permanentCount() + filled.unansweredCount());
            int accepted = filled.acknowledged().size();
            assertTrue(accepted > 500, "accepted only " + accepted);
            fillUp(relay.queue().resolve("someone-else"));
            relay.awaitNoSpace();
            try (DiscardSink sink = DiscardSink.open(SinkSettings.acceptingAll(relayhost()))) {
                SmallDiskRelay.awaitArrival(sink, filled);
                // What was delivered has left room, even with the disk as full as it was.
                relay.awaitSpace();
                Files.delete(relay.queue().resolve("someone-else"));
                relay.awaitSpace();
                LoadResult more = relay.send(SESSIONS, MESSAGES, 200);
                assertEquals(200, more.acknowledged().size());
                SmallDiskRelay.awaitArrival(sink, more);
                assertEquals(0, sink.counts().duplicates());
            }
            assertTrue(process.isAlive());
        }
    }

    private InetSocketAddress relayhost() throws IOException {
        String text = Files.readString(relay.directory().resolve("main.cf"));
        int port = Integer.parseInt(text.replaceAll("(?s).*relayhost = \\[127.0.0.1\\]:(\\d+).*", "$1"));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Somebody else takes what is left of the disk. */
    private static void fillUp(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (true) {
                channel.write(block.clear());
            }
        } catch (IOException full) {
            assertTrue(Files.size(file) >= 0);
        }
    }
}
