// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxLinesTest {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> turns = new ArrayList<>();
    private final MailboxLines lines = new MailboxLines(
            tasks::add,
            all -> turns.add(String.join(
                    "", all.stream().map(one -> one.request().queueId()).toList())));

    private void offer(String mailbox, String id, int attemptsMax) {
        Envelope envelope = new Envelope(
                AddressList.split("s@s.test"),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                null,
                List.of(new EnvelopeRecipient(AddressList.split("r@r.test"), 0, null)));
        lines.offer(
                mailbox,
                new DeliveryRequest(
                        id,
                        "r.test",
                        envelope,
                        new int[] {0},
                        FileBody.ofWire(""),
                        (asked, report) -> {},
                        attemptsMax,
                        DeliveryRequest.ANY_SOURCE,
                        DeliveryRequest.NO_TENANT,
                        null,
                        "mine"));
    }

    @Test
    void takesTogetherWhatHasComeSinceTheTurnBefore() {
        offer("u", "a", 2);
        tasks.remove().run();
        offer("u", "b", 2);
        offer("u", "c", 2);
        offer("u", "d", 2);
        assertEquals(2, tasks.size());
        tasks.remove().run();
        tasks.remove().run();
        assertEquals(List.of("a", "bcd"), turns);
        assertEquals(0, tasks.size());
    }

    @Test
    void letsOthersHaveTheirTurnBetweenTwoOfOneMailbox() {
        for (int i = 0; i < 20; i++) {
            offer("u", Integer.toString(i % 10), 1);
        }
        offer("v", "v", 1);
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertEquals(List.of("0123456789012345", "v", "6789"), turns);
    }

    @Test
    void hasNoMoreTurnsOfOneMailboxAtATimeThanAttempts() {
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            offer("u", "x", 3);
            counts.add(tasks.size());
        }
        assertEquals(List.of(1, 2, 3, 3, 3, 3, 3, 3, 3), counts);
    }
}
