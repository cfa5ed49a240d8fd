// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.WireBody;
import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;

/** Reports to be compared with files, and parsed by others. */
final class SampleReports {
    static final MailAddress SENDER = MailAddress.of("ann", "a.example");

    /** Stored form: the line with one dot is content. */
    static final String MESSAGE =
            "Received: from c.example\r\n\tby mx.example\r\nFrom: ann@a.example\r\nTo: bob@b.example\r\n"
                    + "Subject: Lunch\r\n\r\nAt noon.\r\n..\r\n..then\r\n.\r\n";

    static final DsnRecipient REFUSED = new DsnRecipient(
            DsnAction.FAILED,
            MailAddress.of("bob", "b.example"),
            "rfc822;bob+2Bold@b.example",
            null,
            EnhancedStatus.of(5, 1, 1),
            "host mx.b.example[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)",
            "mx.b.example",
            "550 5.1.1 no such user");

    static final DsnRecipient UNKNOWN_HOST = new DsnRecipient(
            DsnAction.FAILED,
            MailAddress.of("carl", "nowhere.example"),
            null,
            null,
            EnhancedStatus.of(5, 4, 4),
            "Host or domain name not found. Name service error for name=nowhere.example type=A: Host not found",
            null,
            null);

    static final DsnRecipient GREEK = new DsnRecipient(
            DsnAction.FAILED,
            MailAddress.of("δοκιμή", "παράδειγμα.example"),
            null,
            null,
            EnhancedStatus.of(5, 6, 7),
            "Η διεύθυνση δεν υπάρχει",
            null,
            null);

    static final ReportWording WORDING = new ReportWording(
            "MAILER-DAEMON (Mail Delivery System)",
            "Mail Report",
            "Copy of a Mail Report",
            List.of("This is a report.", "", ".  Read on."));

    private SampleReports() {}

    static DsnReport failure(boolean smtpUtf8, MailAddress sender, DsnRecipient... recipients) {
        return new DsnReport(
                DsnKind.FAILURE,
                "4QnkTz2rY3z1",
                "4QnkTx5s0Fz9",
                sender,
                sender,
                false,
                "QQ+2B314",
                0,
                90_061_000,
                0,
                smtpUtf8,
                List.of(recipients));
    }

    static DsnReport delay() {
        DsnRecipient waiting = new DsnRecipient(
                DsnAction.DELAYED,
                MailAddress.of("bob", "b.example"),
                null,
                null,
                EnhancedStatus.of(4, 4, 1),
                "connect to mx.b.example[192.0.2.1]:25: Connection timed out",
                null,
                null);
        return new DsnReport(
                DsnKind.DELAY,
                "4QnkTz2rY3z1",
                "4QnkTx5s0Fz9",
                SENDER,
                SENDER,
                false,
                null,
                0,
                14_400_000,
                432_000_000,
                false,
                List.of(waiting));
    }

    static DsnReport relayed() {
        DsnRecipient taken = new DsnRecipient(
                DsnAction.RELAYED,
                MailAddress.of("bob", "b.example"),
                "rfc822;Bob@b.example",
                null,
                EnhancedStatus.SENT,
                "250 2.0.0 Ok: queued as 12345",
                "mx.b.example",
                "250 2.0.0 Ok: queued as 12345");
        return new DsnReport(
                DsnKind.SUCCESS,
                "4QnkTz2rY3z1",
                "4QnkTx5s0Fz9",
                SENDER,
                SENDER,
                false,
                "QQ+2B314",
                0,
                1_000,
                432_000_000,
                false,
                List.of(taken));
    }

    /** The stored form. */
    static ByteBuf compose(DsnReport report, String returned, boolean whole) {
        ByteBuf out = Unpooled.buffer();
        new DsnComposer("mx.example", "example", "Stafette", ZoneId.of("UTC"))
                .compose(report, WORDING, Unpooled.copiedBuffer(returned, StandardCharsets.UTF_8), whole, out);
        return out;
    }

    /** The content, with LF. */
    static String text(DsnReport report, String returned, boolean whole) {
        ByteBuf content = Unpooled.buffer();
        new WireBody(true).decode(compose(report, returned, whole), content);
        return content.toString(StandardCharsets.UTF_8);
    }
}
