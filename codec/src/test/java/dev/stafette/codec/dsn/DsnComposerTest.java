// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import static dev.stafette.codec.dsn.SampleReports.GREEK;
import static dev.stafette.codec.dsn.SampleReports.MESSAGE;
import static dev.stafette.codec.dsn.SampleReports.REFUSED;
import static dev.stafette.codec.dsn.SampleReports.SENDER;
import static dev.stafette.codec.dsn.SampleReports.UNKNOWN_HOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Reports against files; {@code src/test/resources/dsn}. */
class DsnComposerTest {
    private static void assertGolden(String name, String text) throws IOException {
        try (InputStream in = DsnComposerTest.class.getResourceAsStream("/dsn/" + name)) {
            String golden = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(golden, text, name);
        }
    }

    @Test
    void reportsWhatFailedAndReturnsTheMessage() throws IOException {
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED, UNKNOWN_HOST);
        assertGolden("failed.eml", SampleReports.text(report, MESSAGE, true));
    }

    @Test
    void returnsTheHeaderAlone() throws IOException {
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED);
        assertGolden("failed-headers.eml", SampleReports.text(report, MESSAGE, false));
    }

    @Test
    void reportsInUtf8() throws IOException {
        DsnReport report = SampleReports.failure(true, SENDER, GREEK);
        assertGolden("failed-utf8.eml", SampleReports.text(report, MESSAGE.replace("Lunch", "Γεύμα"), true));
    }

    @Test
    void reportsADelay() throws IOException {
        assertGolden("delayed.eml", SampleReports.text(SampleReports.delay(), MESSAGE, false));
    }

    @Test
    void confirmsWhatWasHandedOn() throws IOException {
        assertGolden("relayed.eml", SampleReports.text(SampleReports.relayed(), MESSAGE, false));
    }

    /** RFC 6533 §3: in ASCII, such an address is written by its code points. */
    @Test
    void escapesAddressesThatAsciiCannotHold() {
        String text = SampleReports.text(SampleReports.failure(false, SENDER, GREEK), MESSAGE, false);
        assertTrue(text.contains("Final-Recipient: utf-8; \\x{3B4}\\x{3BF}"), text);
        assertTrue(text.chars().allMatch(c -> c < 0x80), text);
    }

    @Test
    void usesUtf8ForASenderThatNeedsIt() {
        MailAddress sender = MailAddress.of("άννα", "a.example");
        String text = SampleReports.text(SampleReports.failure(false, sender, REFUSED), MESSAGE, false);
        assertTrue(text.contains("To: άννα@a.example\n"));
        assertTrue(text.contains("report-type=global-delivery-status"));
    }

    @Test
    void saysWhenItHasEightBits() {
        DsnComposer composer = new DsnComposer("mx.example", "example", "Stafette", ZoneId.of("UTC"));
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED);
        ByteBuf out = Unpooled.buffer();
        assertFalse(composer.compose(report, SampleReports.WORDING, utf8(MESSAGE), true, out));
        assertTrue(composer.compose(
                report, SampleReports.WORDING, utf8(MESSAGE.replace("noon", "nöön")), true, out.clear()));
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(3, text.split("Content-Transfer-Encoding: 8bit", -1).length, "the whole, and the message in it");
        assertFalse(composer.compose(
                report, SampleReports.WORDING, utf8(MESSAGE.replace("noon", "nöön")), false, out.clear()));
    }

    @Test
    void saysWhatItIsToldTo() {
        String cut = "x".repeat(2000);
        ReportWording wording = new ReportWording(
                "\"Post\" <postmaster>, ann@a.example (Ann), carl", "Hm", null, List.of("  Früh\tum \u001b[2J", cut));
        ByteBuf out = Unpooled.buffer();
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED);
        assertTrue(new DsnComposer("mx.example", "example", "Stafette", ZoneId.of("UTC"))
                .compose(report, wording, utf8(MESSAGE), true, out));
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(
                text.contains("From: \"Post\" <postmaster@example>, ann@a.example (Ann), carl@example\r\n"
                        + "Subject: Hm\r\n"),
                text);
        assertTrue(
                text.contains("text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n  Früh um ?[2J\r\n"
                        + cut.substring(0, 998) + "\r\n"),
                text);
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Test
    void returnsAsMuchOfAHeaderAsThereIs() {
        DsnReport report = SampleReports.failure(false, SENDER, REFUSED);
        for (String returned :
                new String[] {"", ".\r\n", "\r\nbody\r\n.\r\n", "A: b\r\n.\r\n", "A: b\r\nC: cut", "C"}) {
            String text = SampleReports.text(report, returned, false);
            String header = returned.startsWith("A") ? "A: b\n" : "";
            assertTrue(
                    text.contains("text/rfc822-headers\n\nReturn-Path: <ann@a.example>\n" + header + "\n--"), returned);
        }
        assertTrue(
                SampleReports.text(report, "", true).contains("message/rfc822\n\nReturn-Path: <ann@a.example>\n\n--"));
    }

    /** As Postfix words it. */
    @Test
    void saysOfWhichAliasARecipientCame() {
        DsnRecipient recipient = new DsnRecipient(
                DsnAction.FAILED,
                MailAddress.of("bob", "b.example"),
                null,
                "all@mx.example",
                EnhancedStatus.of(5, 1, 1),
                "no such user",
                null,
                null);
        String text = SampleReports.text(SampleReports.failure(false, SENDER, recipient), MESSAGE, true);
        assertTrue(text.contains("\n<bob@b.example> (expanded from <all@mx.example>): no such user\n"), text);
        assertTrue(
                text.contains("\nFinal-Recipient: rfc822; bob@b.example\nOriginal-Recipient: rfc822;all@mx.example\n"),
                text);
    }

    /** As Postfix has it, also where the sender gave a name alone. */
    @Test
    void saysWhomMailWasSentToAndWhatAProgramPrinted() {
        DsnRecipient recipient = new DsnRecipient(
                DsnAction.FAILED,
                MailAddress.of("list", "mx.example"),
                null,
                "list",
                EnhancedStatus.of(5, 1, 1),
                "user unknown. Command output: nope",
                null,
                null);
        String text = SampleReports.text(SampleReports.failure(false, SENDER, recipient), MESSAGE, true);
        assertTrue(text.contains("\nOriginal-Recipient: rfc822;list@example\n"), text);
        assertTrue(text.contains("\nDiagnostic-Code: x-unix; nope\n"), text);
    }

    @Test
    void saysThatWeSentAReportThatCouldNotBeDelivered() {
        DsnReport report = SampleReports.failure(false, MailAddress.NULL, REFUSED);
        String text = SampleReports.text(report, MESSAGE, true);
        assertTrue(text.contains("\nX-Stafette-Sender: rfc822; MAILER-DAEMON@mx.example\n"), text);
        assertTrue(text.contains("\n\nReturn-Path: <MAILER-DAEMON@mx.example>\n"), text);
    }

    @Test
    void keepsWhatOthersSayInItsPlace() {
        String evil = "no\r\n\r\n--4QnkTz2rY3z1.90061000/mx.example\r\nX-Evil: yes\u0000\u001b[2J\r\n.\r\n\u2028";
        DsnRecipient recipient = new DsnRecipient(
                DsnAction.FAILED,
                MailAddress.of("bob", "b.example"),
                "x\r\nX-Evil: 1;y\r\nX-Evil: 2",
                evil,
                EnhancedStatus.of(5, 0, 0),
                evil,
                evil,
                evil);
        for (boolean utf8 : new boolean[] {false, true}) {
            String text = SampleReports.text(SampleReports.failure(utf8, SENDER, recipient), MESSAGE, true);
            for (String line : text.split("\n")) {
                assertFalse(line.startsWith("X-Evil"), text);
                assertTrue(line.chars().allMatch(c -> c >= ' ' && c != 0x2028 || c == '\t'), line);
            }
            assertEquals(6, text.split("--4QnkTz2rY3z1.90061000/mx.example", -1).length - 3, text);
        }
    }

    @Test
    void keepsItsLinesWithinTheLimits() {
        Random random = new Random(998);
        for (int i = 0; i < 300; i++) {
            StringBuilder said = new StringBuilder();
            for (int words = random.nextInt(30); words > 0; words--) {
                said.append("é".repeat(random.nextInt(3) == 0 ? random.nextInt(2000) : random.nextInt(12)))
                        .append(" ".repeat(random.nextInt(3)));
            }
            DsnRecipient recipient = new DsnRecipient(
                    DsnAction.FAILED,
                    MailAddress.of("b", "b.example"),
                    "rfc822;" + said,
                    null,
                    EnhancedStatus.of(5, 0, 0),
                    said.toString(),
                    said.toString(),
                    said.toString());
            DsnReport report = SampleReports.failure(i % 2 == 0, SENDER, recipient);
            String text = SampleReports.compose(report, MESSAGE, true).toString(StandardCharsets.ISO_8859_1);
            for (String line : text.split("\r\n")) {
                assertTrue(line.length() <= 998 + 1, () -> "length " + line.length());
                assertTrue(line.isEmpty() || !line.isBlank(), "a folded line must not be blank");
            }
            assertFalse(text.replace("\r\n", "").contains("\n"));
        }
    }

    @Test
    void staysBelowTheLengthOfABoundary() {
        ByteBuf out = Unpooled.buffer();
        new DsnComposer("m".repeat(60) + ".example", "example", "Stafette", ZoneId.of("UTC"))
                .compose(
                        SampleReports.failure(false, SENDER, REFUSED), SampleReports.WORDING, utf8(MESSAGE), true, out);
        String text = out.toString(StandardCharsets.UTF_8);
        int from = text.indexOf("boundary=\"") + 10;
        assertEquals(70, text.indexOf('"', from) - from);
    }
}
