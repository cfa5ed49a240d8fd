// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A report as a message (RFC 8460 §5.3).
 * Thread: any (pure).
 */
final class ReportMail {
    private static final int LINE_CHARS = 76;

    private ReportMail() {}

    /** Null: {@code mailto:} is followed by none that we could write to. */
    static @Nullable MailAddress reader(String place) {
        String text = place.substring("mailto:".length()).replaceFirst("\\?.*", "");
        try {
            // A plus sign stands for itself here.
            String address = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            boolean isAddress = address.matches("[!-~]+@[A-Za-z0-9.-]+") && address.matches("[^<>,;\"()\\\\]*");
            return isAddress ? AddressList.split(address) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** With its end. {@code date}: in the form of a header. */
    static byte[] content(DayReport report, byte[] packed, MailAddress reader, String date) {
        ReportSettings settings = report.settings();
        String id = report.id();
        String boundary = "tlsrpt-" + id;
        StringBuilder out = new StringBuilder(2048 + packed.length * 3 / 2);
        line(out, "Date: " + date);
        line(
                out,
                "From: TLS reports of " + settings.submitter() + " <"
                        + settings.contact().external() + '>');
        line(out, "To: <" + reader.external() + '>');
        line(out, "Subject: Report Domain: " + report.domain());
        line(out, " Submitter: " + settings.submitter());
        line(out, " Report-ID: <" + id + '@' + settings.hostName() + '>');
        line(out, "Message-ID: <" + id + '@' + settings.hostName() + '>');
        line(out, "TLS-Report-Domain: " + report.domain());
        line(out, "TLS-Report-Submitter: " + settings.submitter());
        // RFC 8460 §3: a report arrives where TLS does not.
        line(out, "TLS-Required: No");
        line(out, "Auto-Submitted: auto-generated");
        line(out, "MIME-Version: 1.0");
        line(out, "Content-Type: multipart/report; report-type=\"tlsrpt\";");
        line(out, "\tboundary=\"" + boundary + '"');
        line(out, "");
        line(out, "--" + boundary);
        line(out, "Content-Type: text/plain; charset=us-ascii");
        line(out, "");
        line(out, "This is a report of TLS sessions with the mail servers of " + report.domain());
        line(out, "on one day (UTC), from " + settings.hostName() + " (RFC 8460).");
        line(out, "");
        line(out, "--" + boundary);
        line(out, "Content-Type: application/tlsrpt+gzip");
        line(out, "Content-Transfer-Encoding: base64");
        line(out, "Content-Disposition: attachment;");
        line(out, "\tfilename=\"" + report.fileName() + '"');
        line(out, "");
        line(out, Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\r', '\n'}).encodeToString(packed));
        line(out, "");
        line(out, "--" + boundary + "--");
        line(out, ".");
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append("\r\n");
    }
}
