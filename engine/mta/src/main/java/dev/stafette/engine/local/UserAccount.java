// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.UserIds;
import org.jspecify.annotations.Nullable;

/**
 * An account as passwd(5) has it.
 * Thread: any (a value).
 */
record UserAccount(UserIds ids, String home, String shell) {
    private static final int FIELDS = 7;

    /** Null for a line that is none of an account. */
    static @Nullable UserAccount parse(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length < FIELDS || fields[0].isEmpty()) {
            return null;
        }
        try {
            return new UserAccount(
                    new UserIds(fields[0], Integer.parseInt(fields[2]), Integer.parseInt(fields[3])),
                    fields[5],
                    fields[6]);
        } catch (NumberFormatException e) {
            // A line such as +::: of old, which means another source.
            return null;
        }
    }

    String name() {
        return ids.name();
    }
}
