// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.report.MailReport.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportReaderTest {
    private static byte[] sample(String name) throws IOException {
        try (InputStream in = ReportReaderTest.class.getResourceAsStream(name + ".eml")) {
            assertTrue(in != null, name);
            return in.readAllBytes();
        }
    }

    /** {@code message}: header and all, with line feeds. */
    private static MailReport read(byte[] message, String lineEnd) {
        String text = new String(message, StandardCharsets.ISO_8859_1);
        int blank = text.indexOf("\n\n");
        String header = blank < 0 ? text : text.substring(0, blank);
        String rest = blank < 0 ? "" : text.substring(blank + 2);
        byte[] content = rest.replace("\n", lineEnd).getBytes(StandardCharsets.ISO_8859_1);
        return ReportReader.read(List.of(header.split("\n(?![ \t])")), content, content.length);
    }

    private static MailReport read(String name) throws IOException {
        MailReport report = read(sample(name), "\r\n");
        assertEquals(said(report), said(read(sample(name), "\n")));
        return report;
    }

    private static String said(MailReport report) {
        return report.kind()
                + report.recipients().stream()
                        .map(one -> " | " + one.address() + " " + one.action() + " " + one.status() + " "
                                + one.diagnostic() + (one.remoteMta().isEmpty() ? "" : " @" + one.remoteMta()))
                        .collect(Collectors.joining());
    }

    @Test
    void readsPostfixs() throws IOException {
        MailReport report = read("postfix");
        assertEquals(
                "STATUS | ann@b.test failed 5.1.1 550 5.1.1 <ann@inner.b.test>: Recipient address rejected: User"
                        + " unknown in local recipient table @inner.b.test",
                said(report));
        assertEquals("ann@inner.b.test", report.recipients().get(0).finalAddress());
        assertEquals("dns; mx.b.test", report.fields().first("Reporting-MTA"));
        assertEquals("fall", report.returned().first("x-campaign"));
        assertEquals("<bounces@a.test>", report.returned().first("Return-Path"));
    }

    @Test
    void readsExims() throws IOException {
        MailReport report = read("exim");
        assertEquals(
                "STATUS | ann@b.test failed 5.1.1 SMTP error from remote mail server after RCPT TO:<ann@b.test>: host"
                        + " inner.b.test [192.0.2.1]: 550 5.1.1 no such user here"
                        + " | bob@b.test failed null mailbox is full: retry timeout exceeded",
                said(report));
        assertEquals("<1@a.test>", report.returned().first("Message-ID"));
        assertEquals(
                "STATUS | ann@b.test failed 5.0.0 552 5.2.2 mailbox full @inner.b.test", said(read("exim-report")));
    }

    @Test
    void readsQmails() throws IOException {
        MailReport report = read("qmail");
        assertEquals(
                "STATUS | ann@b.test failed 5.1.1 Sorry, no mailbox here by that name. (#5.1.1) | bob@c.test failed"
                        + " null 192.0.2.7 does not like recipient. Remote host said: 554 delivery error: dd This user"
                        + " doesn't have a c.test account Giving up on 192.0.2.7.",
                said(report));
        assertEquals("<bounces+ann=b.test@a.test>", report.returned().first("Return-Path"));
    }

    @Test
    void readsExchanges() throws IOException {
        MailReport report = read("exchange");
        assertEquals(
                "STATUS | ann@b.test failed 5.1.10 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@b.test not"
                        + " found by SMTP address lookup",
                said(report));
        assertEquals("fall", report.returned().first("X-Campaign"));
        assertTrue(said(read("exchange-2000")).startsWith("STATUS | ann@b.test failed null on Tue, 14 Nov 2023"));
        assertTrue(said(read("exchange-2000")).contains("The recipient name is not recognized"));
    }

    @Test
    void readsGmails() throws IOException {
        MailReport report = read("gmail");
        assertTrue(
                said(report)
                        .startsWith("STATUS | ann@gmail.test failed 5.1.1 550-5.1.1 The email account that you tried"),
                said(report));
        assertEquals("acme", report.returned().first("X-Tenant"));
        assertTrue(said(read("gmail-old")).startsWith("STATUS | ann@b.test failed 5.7.1 "), said(read("gmail-old")));
        assertEquals("<1@a.test>", read("gmail-old").returned().first("Message-ID"));
    }

    @Test
    void readsSendmails() throws IOException {
        assertEquals(
                "STATUS | ann@b.test failed 5.7.1 550 5.7.1 <ann@b.test>... Relaying denied @inner.b.test",
                said(read("sendmail")));
        assertEquals(
                "STATUS | ann@b.test failed null User unknown 550 ann@b.test... User unknown",
                said(read("sendmail-5")));
    }

    @Test
    void tellsWhatIsOnlyLateFromWhatHasFailed() throws IOException {
        MailReport report = read("delayed");
        assertEquals(Kind.STATUS, report.kind());
        assertFalse(report.recipients().get(0).isFailed());
    }

    @Test
    void readsAddressesInUtf8AndEncodedParts() throws IOException {
        assertEquals("STATUS | jürg@b.test failed 5.1.1 550 5.1.1 no such user", said(read("utf8")));
        assertEquals("STATUS | ann@b.test failed 5.2.2 ", said(read("base64")));
    }

    @Test
    void readsComplaints() throws IOException {
        MailReport yahoo = read("yahoo");
        assertEquals("COMPLAINT | ann@yahoo.test  null ", said(yahoo));
        assertEquals("abuse", yahoo.fields().first("Feedback-Type"));
        assertEquals("<bounces+ann=yahoo.test@a.test>", yahoo.fields().first("Original-Mail-From"));
        assertEquals("fall", yahoo.returned().first("X-Campaign"));
        MailReport hotmail = read("hotmail");
        assertEquals("COMPLAINT | ann@hotmail.test  null ", said(hotmail));
        assertEquals("acme", hotmail.returned().first("X-Tenant"));
        MailReport aol = read("aol");
        assertEquals("COMPLAINT", said(aol));
        assertEquals("<bounces+ann=aol.test@a.test>", aol.returned().first("Return-Path"));
    }

    @Test
    void tellsLettersAndMachinesOfPeopleWhoAreAwayFromBounces() throws IOException {
        assertEquals(Kind.AUTO_REPLY, read("vacation").kind());
        assertEquals(Kind.ORDINARY, read("letter").kind());
    }

    /** Else anybody could make us believe in bounces by forwarding some. */
    @Test
    void doesNotTakeWhatIsReturnedForTheReport() throws IOException {
        assertEquals(Kind.ORDINARY, read("forwarded-bounce").kind());
    }

    @Test
    void hasLimits() {
        StringBuilder many = new StringBuilder("Reporting-MTA: dns; x\n\n");
        for (int i = 0; i < 5000; i++) {
            many.append("Final-Recipient: rfc822; a").append(i).append("@b.test\nAction: failed\n");
        }
        byte[] report = ("Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
                        + many + "--x--\n")
                .getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                StatusReport.RECIPIENTS_MAX, read(report, "\n").recipients().size());
        StringBuilder deep = new StringBuilder(
                "From: mailer-daemon\nSubject: failure notice\nContent-Type: multipart/x; boundary=b0\n\n");
        for (int i = 0; i < 2000; i++) {
            deep.append("--b")
                    .append(i)
                    .append("\nContent-Type: multipart/x; boundary=b")
                    .append(i + 1)
                    .append("\n\n");
        }
        assertEquals(
                Kind.STATUS,
                read(deep.toString().getBytes(StandardCharsets.US_ASCII), "\n").kind());
    }

    /** No pattern looks at a text in more than one way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@",
                "550 ",
                "<a@b>:",
                "x.y.",
                "- ",
                "\n\n",
                "a@b.test\n",
                "4.4.4.4.",
                ":",
                "=\n",
                "the message header "
            })
    void isNotSlowedDownByAnyText(String piece) {
        String header = "From: mailer-daemon@x\nSubject: failure notice\n\nHi. This is the qmail program\n\n";
        byte[] message =
                (header + piece.repeat(ReportReader.CONTENT_MAX / piece.length())).getBytes(StandardCharsets.US_ASCII);
        assertTimeout(Duration.ofSeconds(20), () -> read(message, "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postfix",
                "exim",
                "exim-report",
                "qmail",
                "exchange",
                "exchange-2000",
                "gmail",
                "gmail-old",
                "sendmail",
                "sendmail-5",
                "delayed",
                "utf8",
                "base64",
                "yahoo",
                "hotmail",
                "aol",
                "vacation",
                "letter",
                "forwarded-bounce"
            })
    void readsWhateverBecomesOfASample(String name) throws IOException {
        byte[] whole = sample(name);
        Random random = new Random(name.hashCode());
        List<Integer> cuts = new ArrayList<>();
        for (int length = 0; length <= whole.length; length += 1 + random.nextInt(40)) {
            cuts.add(length);
        }
        for (int length : cuts) {
            read(java.util.Arrays.copyOf(whole, length), "\r\n");
        }
        for (int round = 0; round < 200; round++) {
            byte[] changed = whole.clone();
            for (int changes = 1 + random.nextInt(20); changes > 0; changes--) {
                byte other = random.nextBoolean() ? whole[random.nextInt(whole.length)] : (byte) random.nextInt(256);
                changed[random.nextInt(changed.length)] = other;
            }
            MailReport report = read(changed, "\n");
            assertTrue(report.recipients().size() <= StatusReport.RECIPIENTS_MAX);
            for (ReportedRecipient one : report.recipients()) {
                assertTrue(one.diagnostic().length() <= FieldValues.VALUE_MAX, one.diagnostic());
            }
        }
    }
}
