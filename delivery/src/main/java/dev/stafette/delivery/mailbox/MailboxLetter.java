// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.copy.MessageCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * One message for one mailbox.
 * Thread: any (a value).
 *
 * @param body borrowed until the letter is delivered or not
 */
public record MailboxLetter(MessageBody body, CopyRules rules, CopyAddresses addresses) {
    /** For a file of many messages. */
    public static CopyRules inFile(boolean tellsDeliveredTo) {
        return new CopyRules(true, true, true, tellsDeliveredTo, true, false, true, "\n");
    }

    /** For a file of its own. */
    public static CopyRules inDirectory(boolean tellsDeliveredTo) {
        return new CopyRules(false, true, true, tellsDeliveredTo, false, false, false, "\n");
    }

    /** Where it is written to; the file ends at {@code end} now and may grow to {@code sizeMax}, if that is not 0; {@code record}: of a shared file. */
    MailboxOutput output(FileChannel channel, long end, long sizeMax, @Nullable AppendRecord record) {
        return new MailboxOutput(channel, end, sizeMax, body.sizeBytes(), record);
    }

    void write(OutputStream out) throws IOException {
        MessageCopy.write(body, rules, addresses, System.currentTimeMillis(), out);
    }
}
