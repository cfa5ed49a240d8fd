// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.Maildir;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What deliveries to one user's mailboxes share while there are any. Users share nothing: one thread may do what several have come
 * for, and it does that with its own rights.
 * Thread: any.
 */
final class Mailboxes {
    private final ConcurrentHashMap<Long, OfUser> byIds = new ConcurrentHashMap<>();
    private final String hostName;
    private final AppendRecords records;

    /** Of one user and group. */
    static final class OfUser {
        final MailboxFile files;
        final Maildir directories;

        // Changed within a computation of the map alone.
        private int useCount;

        OfUser(String hostName, AppendRecords records) {
            files = new MailboxFile(new FlockCall(), records);
            directories = new Maildir(hostName);
        }
    }

    /** {@code hostName}: of the machine, for names in a Maildir. {@code records}: root's, as users may not write to them. */
    Mailboxes(String hostName, AppendRecords records) {
        this.hostName = hostName;
        this.records = records;
    }

    /** To be given back; before the thread becomes the user. */
    OfUser take(UserIds user) {
        records.reserve();
        return byIds.compute(key(user), (unused, known) -> {
            OfUser mailboxes = known == null ? new OfUser(hostName, records) : known;
            mailboxes.useCount++;
            return mailboxes;
        });
    }

    void giveBack(UserIds user) {
        records.giveBack();
        byIds.computeIfPresent(key(user), (unused, known) -> --known.useCount == 0 ? null : known);
    }

    private static long key(UserIds user) {
        return (long) user.uid() << Integer.SIZE | user.gid();
    }
}
