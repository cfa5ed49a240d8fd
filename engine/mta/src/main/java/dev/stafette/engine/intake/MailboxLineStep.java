// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Makes a header field of the separator line of a mailbox file that a message begins with. Thread: event loop. */
final class MailboxLineStep implements IntakeStep {
    @Override
    public StepOutcome apply(MessageDraft message) {
        HeaderFields header = message.header();
        int first = header.topCount();
        if (header.hasMailboxLine() && header.name(first).isEmpty()) {
            ByteBuf field = header.newField();
            ByteBufUtil.writeAscii(field, "X-Mailbox-Line: ");
            field.writeBytes(header.bytes(first), header.start(first), header.lineEnd(first) - header.start(first));
            field.writeShort('\r' << 8 | '\n');
            header.putInPlaceOf(first);
        }
        return StepOutcome.DONE;
    }
}
