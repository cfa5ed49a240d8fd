// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.MailDate;
import dev.stafette.codec.message.MessageIds;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;

/**
 * Writes delivery reports: a multipart/report of a text for people, the fields for programs, and what is returned of the
 * message (RFC 3462, RFC 3464, RFC 6533).
 * Thread: any; an instance holds no state of a report.
 *
 * <p>The output has the stored form: CRLF, dot-stuffed, ended by {@code .CRLF}.
 */
public final class DsnComposer {
    /** RFC 2046 §5.1.1. */
    private static final int BOUNDARY_CHARS_MAX = 70;

    /** Of a From field; what is behind them stays as it is. */
    private static final int FROM_TOKENS_MAX = 100;

    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What stands in the text of an outcome between what became of a program and what it printed. */
    private static final String COMMAND_OUTPUT = ". Command output: ";

    private final String hostName;
    private final String origin;
    private final String system;
    private final ZoneId zone;

    /** {@code origin}: the domain of addresses without one; {@code system}: what the mail system is called. */
    public DsnComposer(String hostName, String origin, String system, ZoneId zone) {
        this.hostName = hostName;
        this.origin = origin;
        this.system = system;
        this.zone = zone;
    }

    /**
     * Writes the report; true when it has an octet above 127.
     *
     * @param wording what stands before the recipients
     * @param returned the start of the message in stored form; with {@code whole} all of it, else at least its header
     */
    public boolean compose(DsnReport report, ReportWording wording, ByteBuf returned, boolean whole, ByteBuf out) {
        int from = out.writerIndex();
        int end = whole ? endOfMessage(returned) : endOfHeader(returned);
        int length = end - returned.readerIndex();
        boolean eightBit = hasEightBit(returned, returned.readerIndex(), length);
        boolean utf8Words = report.smtpUtf8() || !report.isCopy() && wording.needsUtf8();
        String boundary = boundary(report);
        ReportText text = new ReportText(report.smtpUtf8());
        header(report, wording, boundary, eightBit || utf8Words, text);
        explanation(report, wording, utf8Words, boundary, text);
        fields(report, boundary, text);
        returnedPart(report, whole, eightBit, boundary, text);
        text.flush(out);
        out.writeBytes(returned, returned.readerIndex(), length);
        text.blank().line("--" + boundary + "--").flush(out);
        out.writeBytes(END);
        return hasEightBit(out, from, out.writerIndex() - from);
    }

    /** Ours by the queue id, so that a report inside a report does not end it. */
    private String boundary(DsnReport report) {
        String full = report.queueId() + "." + report.nowMs() + "/" + hostName;
        return full.substring(0, Math.min(full.length(), BOUNDARY_CHARS_MAX));
    }

    private void header(DsnReport report, ReportWording wording, String boundary, boolean eightBit, ReportText out) {
        String date = new MailDate(zone).text(report.nowMs());
        out.line("Received: by " + hostName + " (" + system + ")");
        out.line("\tid " + report.queueId() + "; " + date);
        out.line("Date: " + date);
        out.field("From", complete(wording.from()));
        boolean isCopy = report.isCopy();
        String copySubject = wording.postmasterSubject();
        out.field("Subject", isCopy && copySubject != null ? copySubject : wording.subject());
        out.field("To", report.reader().external());
        // RFC 3834 §5: nobody answers this automatically.
        out.line("Auto-Submitted: " + (isCopy ? "auto-generated" : "auto-replied"));
        out.line("MIME-Version: 1.0");
        String type = report.smtpUtf8() ? "global-delivery-status" : "delivery-status";
        out.line("Content-Type: multipart/report; report-type=" + type + ";");
        out.line("\tboundary=\"" + boundary + "\"");
        if (eightBit) {
            out.line("Content-Transfer-Encoding: 8bit");
        }
        out.line("Message-Id: " + MessageIds.text(report.nowMs(), report.queueId(), hostName));
        out.blank();
        out.line("This is a MIME-encapsulated message.");
    }

    private static void beginPart(String boundary, String description, String type, boolean eightBit, ReportText out) {
        out.blank().line("--" + boundary);
        out.line("Content-Description: " + description);
        out.line("Content-Type: " + type);
        if (eightBit) {
            out.line("Content-Transfer-Encoding: 8bit");
        }
        out.blank();
    }

    /** With the origin behind addresses that have no domain. */
    private String complete(String from) {
        StringBuilder out = new StringBuilder(from.length() + origin.length() + 1);
        int copied = 0;
        for (AddressList.Item item : AddressList.parse(from, FROM_TOKENS_MAX)) {
            if (item.address().indexOf('@') < 0) {
                out.append(from, copied, item.end()).append('@').append(origin);
                copied = item.end();
            }
        }
        return out.append(from, copied, from.length()).toString();
    }

    private static void explanation(
            DsnReport report, ReportWording wording, boolean utf8, String boundary, ReportText out) {
        beginPart(boundary, "Notification", "text/plain; charset=" + (utf8 ? "utf-8" : "us-ascii"), utf8, out);
        // Who runs the mail system knows what it has to say.
        for (String line : report.isCopy() ? List.<String>of() : wording.lines()) {
            out.words(line);
        }
        for (DsnRecipient recipient : report.recipients()) {
            out.blank()
                    .folded("<" + recipient.address().external() + ">" + alias(recipient) + ": "
                            + via(report, recipient) + recipient.text());
        }
    }

    private static String alias(DsnRecipient recipient) {
        String given = recipient.givenAddress();
        return given == null ? "" : " (expanded from <" + given + ">)";
    }

    /** Where somebody asks for the way a message takes, the host belongs to the answer. */
    private static String via(DsnReport report, DsnRecipient recipient) {
        return report.kind() == DsnKind.VERIFY && recipient.remoteMta() != null
                ? "delivery via " + recipient.remoteMta() + ": "
                : "";
    }

    private void fields(DsnReport report, String boundary, ReportText out) {
        boolean utf8 = report.smtpUtf8();
        String type = utf8 ? "message/global-delivery-status" : "message/delivery-status";
        beginPart(boundary, "Delivery report", type, utf8, out);
        out.line("Reporting-MTA: dns; " + hostName);
        String envelopeId = report.envelopeId();
        if (envelopeId != null) {
            out.field("Original-Envelope-Id", XText.decode(envelopeId));
        }
        out.field("X-" + system + "-Queue-ID", report.originalQueueId());
        out.addressField("X-" + system + "-Sender", sender(report));
        out.line("Arrival-Date: " + new MailDate(zone).text(report.arrivalMs()));
        for (DsnRecipient recipient : report.recipients()) {
            out.blank();
            fields(report, recipient, out);
        }
    }

    private void fields(DsnReport report, DsnRecipient recipient, ReportText out) {
        out.addressField("Final-Recipient", recipient.address());
        originalRecipient(recipient, out);
        out.line("Action: " + recipient.action().text());
        out.line("Status: " + recipient.status());
        String remote = recipient.remoteMta();
        if (remote != null) {
            out.field("Remote-MTA", "dns; " + remote);
        }
        out.foldedField("Diagnostic-Code", diagnostic(recipient));
        if (recipient.action() == DsnAction.DELAYED) {
            out.line("Will-Retry-Until: " + new MailDate(zone).text(report.retryUntilMs()));
        }
    }

    /** Always there, as Postfix has it: programs that sort bounces look for whom mail was sent to. */
    private void originalRecipient(DsnRecipient recipient, ReportText out) {
        String original = recipient.originalRecipient();
        String given = recipient.givenAddress();
        int semicolon = original == null ? -1 : original.indexOf(';');
        if (original != null && semicolon > 0) {
            String address = XText.decode(original.substring(semicolon + 1));
            out.field("Original-Recipient", original.substring(0, semicolon) + ";" + address);
            return;
        }
        MailAddress address = given == null ? recipient.address() : AddressList.split(given);
        out.originalAddressField(
                "Original-Recipient",
                address.domain().isEmpty() && !address.isNull()
                        ? MailAddress.of(address.localPart(), origin)
                        : address);
    }

    /** Of a program it is what it printed, in Postfix's type for that. */
    private String diagnostic(DsnRecipient recipient) {
        String said = recipient.diagnostic();
        if (said != null) {
            return "smtp; " + said;
        }
        String text = recipient.text();
        int output = recipient.remoteMta() == null ? text.indexOf(COMMAND_OUTPUT) : -1;
        return output < 0 ? "X-" + system + "; " + text : "x-unix; " + text.substring(output + COMMAND_OUTPUT.length());
    }

    /** RFC 3462 §2, RFC 6533 §5 and §6. The envelope's sender is not in what is stored. */
    private void returnedPart(DsnReport report, boolean whole, boolean eightBit, String boundary, ReportText out) {
        String type = report.smtpUtf8() ? "message/global" : "message/rfc822";
        if (!whole) {
            type = report.smtpUtf8() ? "message/global-headers" : "text/rfc822-headers";
        }
        beginPart(boundary, report.kind().returned() + (whole ? "" : " Headers"), type, eightBit, out);
        out.field("Return-Path", "<" + sender(report).external() + ">");
    }

    /** Of a report that has failed: our own. */
    private MailAddress sender(DsnReport report) {
        return report.sender().isNull() ? MailAddress.of("MAILER-DAEMON", hostName) : report.sender();
    }

    private static boolean hasEightBit(ByteBuf buf, int from, int length) {
        return buf.forEachByte(from, length, value -> value >= 0) >= 0;
    }

    /** Before the dot that ends it. */
    private static int endOfMessage(ByteBuf stored) {
        return Math.max(stored.readerIndex(), stored.writerIndex() - END.length);
    }

    /** Behind the last header line, without the blank one; behind the last whole line when there is none. */
    private static int endOfHeader(ByteBuf stored) {
        int at = stored.readerIndex();
        while (!isBlankOrEnd(stored, at)) {
            int lineFeed = stored.indexOf(at, stored.writerIndex(), (byte) '\n');
            if (lineFeed < 0) {
                return at;
            }
            at = lineFeed + 1;
        }
        return at;
    }

    private static boolean isBlankOrEnd(ByteBuf stored, int line) {
        int first = line < stored.writerIndex() ? stored.getByte(line) : -1;
        return first == '\r' || first == '.' && line + 1 < stored.writerIndex() && stored.getByte(line + 1) == '\r';
    }
}
