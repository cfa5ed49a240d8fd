// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of mailboxes.
 * Thread: any (a value).
 *
 * @param locks all of them are taken, in Postfix's order whichever is theirs
 * @param attemptsMax for a lock
 * @param delay between two of them
 * @param stale a lock file as old as this is nobody's any more
 * @param sizeMax of a mailbox file, in bytes; 0: as large as they get
 * @param isStrict a mailbox file must be its recipient's own
 */
public record MailboxSettings(
        List<LockStyle> locks, int attemptsMax, Duration delay, Duration stale, long sizeMax, boolean isStrict) {
    public MailboxSettings {
        locks = List.copyOf(locks);
        if (locks.isEmpty()) {
            throw new IllegalArgumentException("no applicable mailbox locking method");
        }
    }

    /** How other programs are told to keep their hands off. */
    public enum LockStyle {
        DOTLOCK,
        FLOCK,
        FCNTL;

        /** Null: there is no such one. */
        public static @Nullable LockStyle parse(String word) {
            for (LockStyle style : values()) {
                if (style.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return style;
                }
            }
            return null;
        }
    }
}
