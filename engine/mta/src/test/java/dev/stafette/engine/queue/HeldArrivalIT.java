// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message that an access table holds as it comes. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldArrivalIT {
    private static final Envelope ENVELOPE = Envelope.of(
            MailAddress.of("me", "sender.test"), List.of(new EnvelopeRecipient(MailAddress.of("you", "dest.test"))));

    @RegisterExtension
    private final QueueFixture queue = new QueueFixture();

    private final FakeTransport transport = queue.transport();

    @Test
    void waitsForAnOperatorWhateverHappens() {
        QueueRig rig = queue.open();
        rig.bodyFlags = BodyRef.HELD;
        long id = QueueId.parse(rig.accept(ENVELOPE, "Subject: x\n\nx\n"));
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of(), transport.arrivals);
        queue.crash();

        // As it was, and not as it came: released once, it does not come back held.
        rig = queue.open();
        rig.advance(Duration.ofHours(1));
        assertEquals(List.of(), transport.arrivals);
        rig.request(view -> assertTrue(view.changes().release(id)));
        rig.advance(Duration.ofHours(1));
        assertEquals(1, transport.arrivals.size());
    }
}
