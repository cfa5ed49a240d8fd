// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import static dev.stafette.codec.dsn.SampleReports.GREEK;
import static dev.stafette.codec.dsn.SampleReports.MESSAGE;
import static dev.stafette.codec.dsn.SampleReports.REFUSED;
import static dev.stafette.codec.dsn.SampleReports.SENDER;
import static dev.stafette.codec.dsn.SampleReports.UNKNOWN_HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Python's email package makes of a report. */
class DsnComposerIT {
    /** Prints types, and the fields of the second part, one a line; a defect is an error. */
    private static final String SCRIPT = String.join(
            "\n",
            "import sys, email, email.policy",
            "m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)",
            "def out(s): sys.stdout.buffer.write((str(s) + '\\n').encode('utf-8'))",
            "for p in m.walk(): assert not p.defects, (p.get_content_type(), p.defects)",
            "out(m.get_content_type() + ' ' + m.get_param('report-type'))",
            "out(m['From'] + '|' + m['To'] + '|' + m['Subject'] + '|' + m['Auto-Submitted'])",
            "parts = list(m.iter_parts())",
            "out(' '.join(p.get_content_type() for p in parts))",
            "blocks = parts[1].get_payload()",
            // It does not know message/global-delivery-status for what it is: one message, with the rest for its body.
            "if len(blocks) == 1:",
            "    utf8 = email.policy.default.clone(utf8=True)",
            "    text = blocks[0].as_bytes(policy=utf8).decode('utf-8').strip().replace('\\r', '')",
            "    blocks = [email.message_from_string(b, policy=utf8) for b in text.split('\\n\\n')]",
            "for b in blocks:",
            "    out('-')",
            "    for k, v in b.items(): out(k + ': ' + ' '.join(str(v).split()))");

    @BeforeAll
    static void needsPython() throws Exception {
        Programs.require("python3");
        Process process = new ProcessBuilder("python3", "-c", "import email").start();
        Programs.require(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0, "python3's package email");
    }

    private static List<String> parse(String content) throws Exception {
        Process process = new ProcessBuilder("python3", "-c", SCRIPT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(content.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), content);
            return text.lines().toList();
        }
    }

    @Test
    void isReadAsAReportOnFailure() throws Exception {
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED, UNKNOWN_HOST);
        assertEquals(
                List.of(
                        "multipart/report delivery-status",
                        "MAILER-DAEMON@example|ann@a.example|Mail Report|auto-replied",
                        "text/plain message/delivery-status message/rfc822",
                        "-",
                        "Reporting-MTA: dns; mx.example",
                        "Original-Envelope-Id: QQ+314",
                        "X-Stafette-Queue-ID: 4QnkTx5s0Fz9",
                        "X-Stafette-Sender: rfc822; ann@a.example",
                        "Arrival-Date: Thu, 1 Jan 1970 00:00:00 +0000 (UTC)",
                        "-",
                        "Final-Recipient: rfc822; bob@b.example",
                        "Original-Recipient: rfc822;bob+old@b.example",
                        "Action: failed",
                        "Status: 5.1.1",
                        "Remote-MTA: dns; mx.b.example",
                        "Diagnostic-Code: smtp; 550 5.1.1 no such user",
                        "-",
                        "Final-Recipient: rfc822; carl@nowhere.example",
                        "Original-Recipient: rfc822;carl@nowhere.example",
                        "Action: failed",
                        "Status: 5.4.4",
                        "Diagnostic-Code: X-Stafette; Host or domain name not found. Name service error for"
                                + " name=nowhere.example type=A: Host not found"),
                parse(SampleReports.text(report, MESSAGE, true)));
    }

    @Test
    void isReadAsAReportOnDelay() throws Exception {
        List<String> lines = parse(SampleReports.text(SampleReports.delay(), MESSAGE, false));
        assertEquals("text/plain message/delivery-status text/rfc822-headers", lines.get(2));
        assertEquals("Action: delayed", lines.get(lines.size() - 4));
        assertEquals("Will-Retry-Until: Tue, 6 Jan 1970 00:00:00 +0000 (UTC)", lines.get(lines.size() - 1));
    }

    @Test
    void isReadInUtf8() throws Exception {
        DsnReport report = SampleReports.failure(true, SENDER, GREEK);
        List<String> lines = parse(SampleReports.text(report, MESSAGE.replace("Lunch", "Γεύμα"), true));
        assertEquals("multipart/report global-delivery-status", lines.get(0));
        assertEquals("text/plain message/global-delivery-status message/global", lines.get(2));
        assertEquals("Final-Recipient: utf-8; δοκιμή@παράδειγμα.example", lines.get(lines.size() - 5));
        assertEquals("Original-Recipient: utf-8;δοκιμή@παράδειγμα.example", lines.get(lines.size() - 4));
    }
}
