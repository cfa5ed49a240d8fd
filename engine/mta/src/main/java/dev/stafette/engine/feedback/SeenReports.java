// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Remembers some ten thousands of the last reports, so that one that comes again is told once. In memory: a restart forgets them.
 * Thread: any. Two that come at the same moment on two threads may both be new.
 */
public final class SeenReports {
    private static final int PLACES = 1 << 16;

    /** Each report has one place, and another that has the same takes it. */
    private static final class Places {
        private final AtomicLongArray hashes = new AtomicLongArray(PLACES);
    }

    /** Null until the first one comes; whoever makes it writes it once. */
    private final AtomicReference<@Nullable Places> places = new AtomicReference<>();

    /** Returns whether it is new. */
    boolean add(String report) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < report.length(); i++) {
            hash = (hash ^ report.charAt(i)) * 0x100000001b3L;
        }
        hash = hash == 0 ? 1 : hash;
        return known().hashes.getAndSet((int) (hash ^ hash >>> 32) & PLACES - 1, hash) != hash;
    }

    private Places known() {
        Places now = places.get();
        if (now != null) {
            return now;
        }
        Places made = new Places();
        Places before = places.compareAndExchange(null, made);
        return before == null ? made : before;
    }
}
