// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.engine.log.MailLog;
import java.util.concurrent.Executor;

/**
 * What all deliveries to mailboxes share, whatever the configuration says: deliveries to one mailbox keep out of each other's
 * way here.
 * Thread: any.
 *
 * @param identity as whom files are written and programs run
 * @param workers wait for locks, disks and programs
 */
public record MailboxRoom(Identity identity, MailboxFile files, Maildir directories, Executor workers, MailLog log) {
    /** {@code hostName}: of the machine. {@code records}: of what this process appends itself. */
    public static MailboxRoom of(
            Identity identity, AppendRecords records, String hostName, Executor workers, MailLog log) {
        return new MailboxRoom(identity, new MailboxFile(records), new Maildir(hostName), workers, log);
    }

    /** For a service with workers and a log of its own. */
    public MailboxRoom with(Executor ownWorkers, MailLog ownLog) {
        return new MailboxRoom(identity, files, directories, ownWorkers, ownLog);
    }
}
