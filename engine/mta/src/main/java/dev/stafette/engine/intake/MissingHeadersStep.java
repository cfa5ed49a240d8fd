// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.HeaderScanner;
import dev.stafette.codec.message.MessageIds;
import dev.stafette.codec.message.NamedAddress;
import dev.stafette.codec.smtp.SmtpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Completes the header of a message from one of us (RFC 6409 §8): Message-Id, Date and From, or their Resent- kind where the
 * message was resent.
 * Thread: event loop.
 */
final class MissingHeadersStep implements IntakeStep {
    /** Who writes when nobody does. */
    private static final String DAEMON = "MAILER-DAEMON";

    private static final int CRLF = '\r' << 8 | '\n';

    @Override
    public @Nullable SmtpReply apply(MessageHead head) {
        if (!head.arrival().addsMissingHeaders()) {
            return null;
        }
        HeaderScanner header = head.header();
        if (header.has(HeaderScanner.RESENT)) {
            add(
                    head,
                    "Resent-",
                    !header.has(HeaderScanner.RESENT_MESSAGE_ID),
                    !header.has(HeaderScanner.RESENT_DATE),
                    !header.has(HeaderScanner.RESENT_FROM));
        } else {
            add(
                    head,
                    "",
                    !header.has(HeaderScanner.MESSAGE_ID),
                    !header.has(HeaderScanner.DATE),
                    !header.has(HeaderScanner.FROM));
        }
        return null;
    }

    private static void add(MessageHead head, String kind, boolean messageId, boolean date, boolean from) {
        Arrival arrival = head.arrival();
        ByteBuf out = head.prefix();
        if (messageId) {
            begin(out, kind, "Message-Id: ");
            MessageIds.write(
                    arrival.arrivalMs(), arrival.queueIdText(), head.settings().hostName(), out);
            out.writeShort(CRLF);
        }
        if (date) {
            begin(out, kind, "Date: ");
            head.date().write(arrival.arrivalMs(), out);
            out.writeShort(CRLF);
        }
        if (from) {
            begin(out, kind, "From: ");
            MailAddress sender = arrival.envelope().sender();
            String address = sender.isNull() ? DAEMON : sender.external();
            boolean obsolete = head.settings().fromIsObsolete();
            ByteBufUtil.writeUtf8(out, NamedAddress.format(arrival.fullName(), address, obsolete));
            out.writeShort(CRLF);
        }
    }

    private static void begin(ByteBuf out, String kind, String name) {
        ByteBufUtil.writeAscii(out, kind);
        ByteBufUtil.writeAscii(out, name);
    }
}
