// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists in a slab against lists of the library. */
class SlotListsTest {
    private static final int LISTS = 5;
    private static final int SLOTS = 40;

    private final Slab slab = new Slab(12);
    private final SlotLists lists = new SlotLists(slab, 4);
    private final List<List<Integer>> model = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void behavesAsListsOfTheLibrary(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < LISTS; i++) {
            assertEquals(i, lists.create());
            model.add(new ArrayList<>());
        }
        for (int i = 0; i < SLOTS; i++) {
            lists.init(slab.allocate());
        }
        for (int step = 0; step < 5000; step++) {
            change(random.nextInt(SLOTS), random.nextInt(LISTS), random);
            for (int i = 0; i < LISTS; i++) {
                assertEquals(model.get(i), slotsOf(i), "seed " + seed);
            }
        }
    }

    private void change(int slot, int list, Random random) {
        if (random.nextInt(20) == 0) {
            int other = (list + 1 + random.nextInt(LISTS - 1)) % LISTS;
            lists.moveAll(other, list);
            model.get(list).addAll(model.get(other));
            model.get(other).clear();
        } else if (lists.isLinked(slot)) {
            List<Integer> in =
                    model.stream().filter(one -> one.contains(slot)).findFirst().orElseThrow();
            in.remove((Integer) slot);
            assertEquals(in.isEmpty() ? model.indexOf(in) : SlotLists.NONE, unlinked(slot, in));
        } else if (random.nextBoolean()) {
            lists.append(list, slot);
            model.get(list).add(slot);
        } else {
            lists.prepend(list, slot);
            model.get(list).add(0, slot);
        }
    }

    /** Two empty lists are equal: the index is looked up by identity. */
    private int unlinked(int slot, List<Integer> in) {
        int emptied = lists.unlink(slot);
        if (emptied != SlotLists.NONE) {
            assertEquals(System.identityHashCode(in), System.identityHashCode(model.get(emptied)));
            return model.indexOf(in);
        }
        return emptied;
    }

    private List<Integer> slotsOf(int list) {
        List<Integer> slots = new ArrayList<>();
        for (int at = lists.first(list); at != SlotLists.NONE; at = lists.next(at)) {
            slots.add(at);
        }
        assertEquals(slots.isEmpty(), lists.isEmpty(list));
        return slots;
    }
}
