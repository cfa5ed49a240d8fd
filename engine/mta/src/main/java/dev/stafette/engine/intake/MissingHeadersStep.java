// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.codec.message.MessageIds;
import dev.stafette.codec.message.NamedAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Completes the header of a message from one of us (RFC 6409 §8): Message-Id, Date and From, or their Resent- kind where the
 * message was resent. Where nobody is named as a recipient, there may be a field that says so.
 * Thread: event loop.
 */
final class MissingHeadersStep implements IntakeStep {
    /** Who writes when nobody does. */
    private static final String DAEMON = "MAILER-DAEMON";

    private static final int VISIBLE_RECIPIENTS =
            HeaderName.TO | HeaderName.CC | HeaderName.RESENT_TO | HeaderName.RESENT_CC;

    private static final int CRLF = '\r' << 8 | '\n';

    @Override
    public StepOutcome apply(MessageDraft message) {
        if (!message.addsMissingHeaders()) {
            return StepOutcome.DONE;
        }
        complete(message);
        HeaderFields header = message.header();
        String undisclosed = message.settings().undisclosed();
        if (!undisclosed.isEmpty() && !header.has(VISIBLE_RECIPIENTS)) {
            ByteBuf out = header.newField();
            ByteBufUtil.writeUtf8(out, undisclosed);
            end(header, out);
        }
        return StepOutcome.DONE;
    }

    private static void complete(MessageDraft message) {
        HeaderFields header = message.header();
        if (header.has(HeaderName.RESENT)) {
            add(
                    message,
                    "Resent-",
                    !header.has(HeaderName.RESENT_MESSAGE_ID),
                    !header.has(HeaderName.RESENT_DATE),
                    !header.has(HeaderName.RESENT_FROM));
        } else {
            add(
                    message,
                    "",
                    !header.has(HeaderName.MESSAGE_ID),
                    !header.has(HeaderName.DATE),
                    !header.has(HeaderName.FROM));
        }
    }

    private static void add(MessageDraft message, String kind, boolean messageId, boolean date, boolean from) {
        Arrival arrival = message.arrival();
        HeaderFields header = message.header();
        if (messageId) {
            ByteBuf out = begin(header, kind, "Message-Id: ");
            MessageIds.write(
                    arrival.arrivalMs(),
                    arrival.queueIdText(),
                    message.settings().hostName(),
                    out);
            end(header, out);
        }
        if (date) {
            ByteBuf out = begin(header, kind, "Date: ");
            message.date().write(arrival.arrivalMs(), out);
            end(header, out);
        }
        if (from) {
            ByteBuf out = begin(header, kind, "From: ");
            MailAddress sender = message.envelope().sender();
            String address = sender.isNull() ? DAEMON : sender.external();
            boolean obsolete = message.settings().fromIsObsolete();
            ByteBufUtil.writeUtf8(out, NamedAddress.format(arrival.fullName(), address, obsolete));
            end(header, out);
        }
    }

    private static ByteBuf begin(HeaderFields header, String kind, String name) {
        ByteBuf out = header.newField();
        ByteBufUtil.writeAscii(out, kind);
        ByteBufUtil.writeAscii(out, name);
        return out;
    }

    private static void end(HeaderFields header, ByteBuf out) {
        out.writeShort(CRLF);
        header.putLast();
    }
}
