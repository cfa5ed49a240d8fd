// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.message.MailDate;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Writes non-delivery reports: a multipart/report of a text for people, the fields for programs, and what is returned of
 * the message (RFC 3462, RFC 3464, RFC 6533).
 * Thread: any; an instance holds no state of a report.
 *
 * <p>The output has the stored form: CRLF, dot-stuffed, ended by {@code .CRLF}. Peer text is made printable and kept on
 * its line, so that it cannot add a header field or a part.
 */
public final class DsnComposer {
    /** RFC 5322 §2.1.1: lines should not be longer. */
    private static final int FOLD_COLUMNS = 76;

    private static final String CRLF = "\r\n";
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private final String hostName;
    private final ZoneId zone;

    public DsnComposer(String hostName, ZoneId zone) {
        this.hostName = hostName;
        this.zone = zone;
    }

    /**
     * @param returned the start of the message in stored form; with {@code whole} all of it, else at least its header
     */
    public void compose(DsnReport report, ByteBuf returned, boolean whole, ByteBuf out) {
        String boundary = report.queueId() + "." + report.nowMs() / 1000 + "/" + hostName;
        StringBuilder text = new StringBuilder(2048);
        header(report, boundary, text);
        explanation(report, boundary, text);
        fields(report, boundary, text);
        String type = whole
                ? (report.smtpUtf8() ? "message/global" : "message/rfc822")
                : (report.smtpUtf8() ? "message/global-headers" : "text/rfc822-headers");
        part(boundary, "Undelivered " + (whole ? "Message" : "Message Headers"), type, text);
        write(text, out);
        int end = whole ? endOfMessage(returned) : endOfHeader(returned);
        out.writeBytes(returned, returned.readerIndex(), end - returned.readerIndex());
        write(new StringBuilder(CRLF).append("--").append(boundary).append("--").append(CRLF), out);
        out.writeBytes(END);
    }

    private void header(DsnReport report, String boundary, StringBuilder out) {
        MailDate date = new MailDate(zone);
        out.append("Received: by ").append(hostName).append(" (Stafette)").append(CRLF);
        out.append("\tid ")
                .append(report.queueId())
                .append("; ")
                .append(date.text(report.nowMs()))
                .append(CRLF);
        out.append("Date: ").append(date.text(report.nowMs())).append(CRLF);
        out.append("From: MAILER-DAEMON@")
                .append(hostName)
                .append(" (Mail Delivery System)")
                .append(CRLF);
        out.append("Subject: Undelivered Mail Returned to Sender").append(CRLF);
        out.append("To: ").append(report.sender().external()).append(CRLF);
        out.append("Auto-Submitted: auto-replied").append(CRLF);
        out.append("MIME-Version: 1.0").append(CRLF);
        out.append("Content-Type: multipart/report; report-type=")
                .append(report.smtpUtf8() ? "global-delivery-status" : "delivery-status")
                .append(';')
                .append(CRLF);
        out.append("\tboundary=\"").append(boundary).append('"').append(CRLF);
        if (report.smtpUtf8()) {
            out.append("Content-Transfer-Encoding: 8bit").append(CRLF);
        }
        out.append("Message-Id: <")
                .append(report.queueId())
                .append('.')
                .append(report.nowMs())
                .append('@')
                .append(hostName)
                .append('>')
                .append(CRLF)
                .append(CRLF);
        out.append("This is a MIME-encapsulated message.").append(CRLF);
    }

    private static void part(String boundary, String description, String type, StringBuilder out) {
        out.append(CRLF).append("--").append(boundary).append(CRLF);
        out.append("Content-Description: ").append(description).append(CRLF);
        out.append("Content-Type: ").append(type).append(CRLF).append(CRLF);
    }

    private void explanation(DsnReport report, String boundary, StringBuilder out) {
        part(
                boundary,
                "Notification",
                report.smtpUtf8() ? "text/plain; charset=utf-8" : "text/plain; charset=us-ascii",
                out);
        out.append("Your message could not be delivered to one or more recipients.")
                .append(CRLF);
        out.append("It was given up by the mail system at ")
                .append(hostName)
                .append('.')
                .append(CRLF)
                .append(CRLF);
        out.append("What went wrong stands below, recipient by recipient; what is returned of")
                .append(CRLF);
        out.append("your message is attached. For help, write to postmaster and include this")
                .append(CRLF);
        out.append("report.").append(CRLF);
        for (DsnRecipient recipient : report.recipients()) {
            out.append(CRLF);
            String line = "<" + recipient.address().external() + ">: " + clean(recipient.text(), report.smtpUtf8());
            fold(line, "    ", out);
        }
    }

    private static void fold(String line, String indent, StringBuilder out) {
        int column = 0;
        for (String word : line.split(" ")) {
            if (column > 0 && column + 1 + word.length() > FOLD_COLUMNS) {
                out.append(CRLF).append(indent);
                column = indent.length();
            } else if (column > 0) {
                out.append(' ');
                column++;
            }
            out.append(word);
            column += word.length();
        }
        out.append(CRLF);
    }

    private void fields(DsnReport report, String boundary, StringBuilder out) {
        part(
                boundary,
                "Delivery report",
                report.smtpUtf8() ? "message/global-delivery-status" : "message/delivery-status",
                out);
        out.append("Reporting-MTA: dns; ").append(hostName).append(CRLF);
        if (report.envelopeId() != null) {
            field("Original-Envelope-Id: ", XText.decode(report.envelopeId()), report, out);
        }
        out.append("X-Stafette-Queue-ID: ").append(report.originalQueueId()).append(CRLF);
        out.append("X-Stafette-Sender: ").append(addressType(report)).append("; ");
        out.append(report.sender().external()).append(CRLF);
        out.append("Arrival-Date: ")
                .append(new MailDate(zone).text(report.arrivalMs()))
                .append(CRLF);
        for (DsnRecipient recipient : report.recipients()) {
            fields(report, recipient, out);
        }
    }

    private static String addressType(DsnReport report) {
        return report.smtpUtf8() ? "utf-8" : "rfc822";
    }

    private static void fields(DsnReport report, DsnRecipient recipient, StringBuilder out) {
        out.append(CRLF);
        out.append("Final-Recipient: ").append(addressType(report)).append("; ");
        out.append(recipient.address().external()).append(CRLF);
        String original = recipient.originalRecipient();
        if (original != null) {
            int semicolon = original.indexOf(';');
            String type = original.substring(0, Math.max(0, semicolon));
            field("Original-Recipient: ", type + "; " + XText.decode(original.substring(semicolon + 1)), report, out);
        }
        out.append("Action: failed").append(CRLF);
        out.append("Status: ").append(recipient.status()).append(CRLF);
        @Nullable String remote = recipient.remoteMta();
        if (remote != null) {
            field("Remote-MTA: dns; ", remote, report, out);
        }
        @Nullable String diagnostic = recipient.diagnostic();
        field(
                diagnostic == null ? "Diagnostic-Code: X-Stafette; " : "Diagnostic-Code: smtp; ",
                diagnostic == null ? recipient.text() : diagnostic,
                report,
                out);
    }

    private static void field(String name, String value, DsnReport report, StringBuilder out) {
        fold(name + clean(value, report.smtpUtf8()), "    ", out);
    }

    /** On one line, and printable. */
    private static String clean(String text, boolean utf8) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean printable = c >= ' ' && c < 0x7f || utf8 && c >= 0xa0;
            out.append(printable ? c : c == '\r' || c == '\n' || c == '\t' ? ' ' : '?');
        }
        return out.toString();
    }

    /** Our own lines: a dot at a line's start is doubled (RFC 5321 §4.5.2). */
    private static void write(CharSequence text, ByteBuf out) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        boolean lineStart = true;
        for (byte b : bytes) {
            if (lineStart && b == '.') {
                out.writeByte('.');
            }
            out.writeByte(b);
            lineStart = b == '\n';
        }
    }

    private static int endOfMessage(ByteBuf stored) {
        int length = stored.readableBytes();
        return stored.readerIndex() + (length >= END.length ? length - END.length : 0);
    }

    /** Behind the last header line, without the blank one; all when there is none. */
    private static int endOfHeader(ByteBuf stored) {
        int from = stored.readerIndex();
        while (true) {
            int lf = stored.indexOf(from, stored.writerIndex(), (byte) '\n');
            if (lf < 0) {
                return endOfLastLine(stored);
            }
            int next = lf + 1;
            boolean blank =
                    next + 1 < stored.writerIndex() && stored.getByte(next) == '\r' && stored.getByte(next + 1) == '\n';
            boolean end =
                    next + 2 < stored.writerIndex() && stored.getByte(next) == '.' && stored.getByte(next + 1) == '\r';
            if (blank || end) {
                return next;
            }
            from = next;
        }
    }

    private static int endOfLastLine(ByteBuf stored) {
        int at = stored.writerIndex();
        while (at > stored.readerIndex() && stored.getByte(at - 1) != '\n') {
            at--;
        }
        return at;
    }
}
