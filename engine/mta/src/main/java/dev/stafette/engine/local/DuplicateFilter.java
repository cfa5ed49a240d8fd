// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What has been done for one recipient of a message, so that it is done once: without regard to case, and as far as
 * {@code duplicate_filter_limit} goes.
 * Thread: the delivery worker's.
 */
final class DuplicateFilter {
    private final Set<String> done = new HashSet<>();
    private final int limit;

    /** {@code limit}: 0 for none. */
    DuplicateFilter(int limit) {
        this.limit = limit;
    }

    /** Returns true when it was done before, and else remembers it. */
    boolean isAgain(String what) {
        String key = what.toLowerCase(Locale.ROOT);
        if (done.contains(key)) {
            return true;
        }
        if (limit <= 0 || done.size() < limit) {
            done.add(key);
        }
        return false;
    }

    boolean hasDone(String what) {
        return done.contains(what.toLowerCase(Locale.ROOT));
    }
}
