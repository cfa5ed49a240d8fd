// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotIndexTest {
    private final MessageRecords messages = new MessageRecords();
    private final SlotIndex index =
            new SlotIndex(messages.slab(), MessageRecords.BUCKET_LINK_OFFSET, messages::queueId);

    @Test
    void findsWhatItHasAndNothingElse() {
        Random random = new Random(1);
        Map<Long, Integer> model = new HashMap<>();
        List<Long> ids = new ArrayList<>();
        for (int step = 0; step < 60_000; step++) {
            if (random.nextInt(3) > 0) {
                long id = random.nextBoolean() ? step : random.nextLong();
                int message = messages.add(id, 0, false);
                index.add(message);
                model.put(id, message);
                ids.add(id);
            } else if (!ids.isEmpty()) {
                int at = random.nextInt(ids.size());
                long id = ids.get(at);
                ids.set(at, ids.get(ids.size() - 1));
                ids.remove(ids.size() - 1);
                int message = model.remove(id);
                index.remove(message);
                messages.free(message);
                assertEquals(Slab.NONE, index.find(id));
            }
        }
        assertEquals(model.size(), index.size());
        model.forEach((id, message) -> assertEquals(message, index.find(id)));
    }
}
