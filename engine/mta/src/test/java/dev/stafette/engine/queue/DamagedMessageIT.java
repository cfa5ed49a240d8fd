// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.storage.BodySlice;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A message whose body cannot be read any more. */
@Timeout(180)
class DamagedMessageIT {
    @TempDir
    private Path directory;

    private final FakeTransport transport = new FakeTransport();
    private final AtomicLong aheadNs = new AtomicLong();
    private final QueueRig.Options options = new QueueRig.Options();

    /** What a worker is to do, done when the test says so. */
    private final ArrayDeque<Runnable> reading = new ArrayDeque<>();

    private QueueRig open() {
        QueueRig rig = new QueueRig(directory, aheadNs, transport, options);
        rig.settle();
        return rig;
    }

    @Test
    void isCopiedAsideByAWorkerAndLeavesTheQueueThen() throws Exception {
        transport.answer("u@b.test", FakeTransport.deferred("450 4.2.1 mailbox busy"));
        long id;
        try (QueueRig rig = open()) {
            id = QueueId.parse(rig.accept(
                    Envelope.of(
                            MailAddress.of("s", "a.test"),
                            List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test")))),
                    "From: s@a.test\n\nthe body\n"));
            rig.settle();
        }
        options.reading = reading::add;
        try (QueueRig rig = open()) {
            rig.request(view -> damage(rig, view.body(id)));
            rig.advance(Duration.ofHours(2));
            assertEquals(1, reading.size());
            reading.remove().run();
            rig.settle();
            assertEquals(1, rig.messageCount(), "it left the queue before there is a copy");
            reading.remove().run();
            rig.settle();
            assertEquals(0, rig.messageCount());
            assertEquals(
                    1,
                    rig.events.stream()
                            .filter(event -> event.startsWith("damaged: "))
                            .count(),
                    rig.events.toString());
            assertTrue(Files.size(directory.resolve("corrupt").resolve(QueueId.format(id))) > 100);
        }
        try (QueueRig rig = open()) {
            assertEquals(0, rig.messageCount());
        }
    }

    private static void damage(QueueRig rig, BodyRef body) {
        try (BodySlice slice = rig.spool().openBody(body)) {
            slice.channel(0).write(ByteBuffer.wrap(new byte[] {1, 2, 3}), slice.position(0) + 5);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
