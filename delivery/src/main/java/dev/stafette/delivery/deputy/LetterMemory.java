// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all sessions together may keep of messages in memory, since this program has little; more is in files.
 * Thread: any.
 */
final class LetterMemory {
    /** Of the launcher's -Xmx48m. */
    static final long BYTES_MAX = 12 << 20;

    private final AtomicLong left;

    LetterMemory(long bytesMax) {
        left = new AtomicLong(bytesMax);
    }

    /** False: there is no room for so many. */
    boolean tryTake(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
