// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import dev.stafette.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What main.cf says of mailbox files. Thread: start-up and reload. */
final class MailboxSection {
    private MailboxSection() {}

    /** {@code locks}, {@code limit}: the names of the parameters, which are not the same for all. */
    static MailboxSettings of(Settings settings, String locks, String limit) {
        List<LockStyle> styles = new ArrayList<>();
        for (String word : settings.words(locks)) {
            LockStyle style = LockStyle.parse(word);
            if (style == null) {
                throw settings.bad(locks, "some of fcntl, flock, dotlock");
            }
            styles.add(style);
        }
        if (styles.isEmpty()) {
            throw settings.bad(locks, "some of fcntl, flock, dotlock");
        }
        return new MailboxSettings(
                styles,
                settings.count("deliver_lock_attempts"),
                settings.time("deliver_lock_delay"),
                settings.time("stale_lock_time"),
                settings.size(limit),
                settings.flag("strict_mailbox_ownership"));
    }

    /**
     * Why no mail is delivered at all with these limits, or null. Postfix's program ends with these words whenever it is asked,
     * and the mail waits.
     */
    static @Nullable String mistake(Settings settings, String limit) {
        long mailbox = settings.size(limit);
        long message = settings.size("message_size_limit");
        if (mailbox == 0) {
            return null;
        }
        if (message == 0) {
            return "main.cf configuration error: " + limit + " is limited but message_size_limit is unlimited";
        }
        return mailbox < message
                ? "main.cf configuration error: " + limit + " is smaller than message_size_limit"
                : null;
    }
}
