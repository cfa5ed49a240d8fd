// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes a header field of the separator line of a mailbox file that a message begins with; and where there is no header at
 * all, parts ours from the text.
 * Thread: event loop. It writes what directly precedes the content.
 */
final class MailboxLineStep implements IntakeStep {
    @Override
    public @Nullable SmtpReply apply(MessageHead head) {
        if (head.header().hasMailboxLine()) {
            ByteBufUtil.writeAscii(head.prefix(), "X-Mailbox-Line: ");
        } else if (head.lacksBlankLine() && head.header().headerLength() == 0) {
            head.prefix().writeShort('\r' << 8 | '\n');
        }
        return null;
    }
}
