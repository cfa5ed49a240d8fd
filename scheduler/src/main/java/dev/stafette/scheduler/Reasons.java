// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.Arrays;
import org.agrona.collections.Object2IntHashMap;

/**
 * Texts that many recipients share, kept once and counted, since most deferrals of a site have one reason.
 * Thread: queue agent.
 */
final class Reasons {
    /** The empty text. */
    static final int EMPTY = 0;

    /** What fits in a recipient's record. */
    static final int COUNT_MAX = 0xffff;

    static final int CHARS_MAX = 500;

    /** Stands for every text beyond the limit; the journal has them all. */
    static final String TOO_MANY_TEXT = "deferred (the reason is in the mail log: too many different ones to keep)";

    private static final int TOO_MANY = 1;
    private static final int NO_ID = -1;

    private final int countMax;
    private final Object2IntHashMap<String> ids = new Object2IntHashMap<>(NO_ID);

    // Owned by the queue agent. A free id keeps the next free one in its count.
    private String[] texts = {"", TOO_MANY_TEXT};
    private int[] referenceCounts = new int[2];
    private int idEnd = 2;
    private int firstFree = NO_ID;

    Reasons(int countMax) {
        this.countMax = countMax;
    }

    /** Returns the id of the text, or of one that stands for it, and counts one reference. */
    int acquire(String reason) {
        if (reason.isEmpty()) {
            return EMPTY;
        }
        String text = reason.length() > CHARS_MAX ? reason.substring(0, CHARS_MAX) : reason;
        int id = ids.getValue(text);
        if (id == NO_ID) {
            id = create(text);
        }
        referenceCounts[id]++;
        return id;
    }

    private int create(String text) {
        int id = firstFree;
        if (id != NO_ID) {
            firstFree = referenceCounts[id];
        } else if (idEnd == countMax) {
            return TOO_MANY;
        } else {
            id = idEnd++;
            if (id == texts.length) {
                texts = Arrays.copyOf(texts, id * 2);
                referenceCounts = Arrays.copyOf(referenceCounts, id * 2);
            }
        }
        texts[id] = text;
        referenceCounts[id] = 0;
        ids.put(text, id);
        return id;
    }

    void retain(int id) {
        referenceCounts[id]++;
    }

    void release(int id) {
        if (id <= TOO_MANY) {
            return;
        }
        referenceCounts[id]--;
        if (referenceCounts[id] == 0) {
            ids.removeKey(texts[id]);
            texts[id] = "";
            referenceCounts[id] = firstFree;
            firstFree = id;
        }
    }

    String text(int id) {
        return texts[id];
    }

    int size() {
        return ids.size();
    }
}
