// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.message.HeaderFields.End;
import dev.stafette.codec.testing.Splits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderFieldsTest {
    private static final String BEFORE = "X: before\r\n";

    /** What is in front of the reader index is none of its business. */
    private static ByteBuf message(String text) {
        ByteBuf in = Unpooled.wrappedBuffer(Splits.bytes(BEFORE + text));
        return in.skipBytes(BEFORE.length());
    }

    private static HeaderFields scan(String text) {
        HeaderFields header = new HeaderFields();
        ByteBuf in = message(text);
        header.scan(in);
        assertEquals(text.length(), in.readableBytes());
        return header;
    }

    private static End endOf(String text) {
        return scan(text).end();
    }

    private static String written(HeaderFields header, String text) {
        ByteBuf out = Unpooled.buffer();
        int rest = header.write(out);
        return Splits.text(out) + text.substring(rest);
    }

    // Finding. -------------------------------------------------------------------------------------------------------

    @Test
    void findsWhatARelayAsksFor() {
        String text = "Received: from a\r\n\tby b; x\r\nRECEIVED : y\r\nDate: now\r\nfrom: a@a.test\r\n"
                + "Message-Id: <1@a.test>\r\nX-Received: z\r\n";
        HeaderFields header = scan(text + "\r\nTo: body\r\n.\r\n");
        assertEquals(End.END, header.end());
        assertEquals(text.length(), header.headerBytes());
        assertEquals(text.length() + 2, header.textOffset());
        assertEquals(2, header.receivedCount());
        assertEquals("<1@a.test>", header.messageId());
        assertEquals(6, header.count());
        assertTrue(header.has(HeaderName.DATE));
        assertFalse(header.has(HeaderName.TO | HeaderName.CC | HeaderName.RESENT));
        assertTrue(header.hasSpacedName());
        assertEquals("RECEIVED", header.name(1));
        assertEquals(" from a\r\n\tby b; x", header.value(0));
        assertEquals(3, header.find(HeaderName.FROM, 0));
        assertEquals(5, header.find("x-received", 0));
        assertEquals(-1, header.find("X-Sent", 0));
    }

    @Test
    void tellsEveryKnownNameFromTheOthers() {
        String[] names = {
            "date",
            "from",
            "message-id",
            "to",
            "cc",
            "bcc",
            "sender",
            "subject",
            "return-path",
            "content-length",
            "mime-version",
            "delivered-to",
            "resent-date",
            "resent-from",
            "resent-message-id",
            "resent-to",
            "resent-cc",
            "resent-bcc",
            "resent-sender",
            "received",
            "reply-to",
            "errors-to",
            "return-receipt-to",
            "disposition-notification-to",
            "resent-reply-to"
        };
        for (int i = 0; i < names.length; i++) {
            for (String name : List.of(names[i], names[i].toUpperCase(java.util.Locale.ROOT))) {
                HeaderFields header = scan(name + ": x\r\n\r\n");
                assertTrue(header.is(0, 1 << i), name);
                assertFalse(header.has(~(1 << i)), name);
            }
            assertFalse(scan(names[i] + "x: y\r\n\r\n").has(-1));
            assertFalse(scan("x" + names[i] + ": y\r\n\r\n").has(-1));
        }
    }

    @Test
    void tellsResentFieldsApart() {
        HeaderFields header = scan("Resent-From: a\r\nResent-Message-ID: <x>\r\nresent-to: b\r\n\r\n");
        assertTrue(header.has(HeaderName.RESENT));
        assertFalse(header.has(HeaderName.FROM | HeaderName.MESSAGE_ID | HeaderName.RESENT_DATE));
        assertNull(header.messageId());
        assertFalse(scan("Resent-Reply-To: a\r\n\r\n").has(HeaderName.RESENT));
    }

    @Test
    void unfoldsTheMessageId() {
        assertEquals(
                "<a b@c>",
                scan("Message-ID:\r\n\t<a\r\n b@c> \r\nMessage-ID: <second>\r\n\r\n")
                        .messageId());
        assertEquals("<a?b?>", scan("Message-ID: <a\u0001b\u00ff>\r\n\r\n").messageId());
        assertNull(scan("Message-ID: \r\n\r\n").messageId());
        assertEquals(
                "x".repeat(997),
                scan("Message-ID: " + "x".repeat(5000) + "\r\n\r\n").messageId());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        .|                     ; END                    ; 0 ; 0
        |x|.|                  ; END                    ; 0 ; 2
        Date: x|.|             ; END                    ; 9 ; 9
        Date: x||.|            ; END                    ; 9 ; 11
        ..x: y|                ; NEED_MORE              ; 0 ; 0
        ..x: y|z: u|           ; NEED_MORE              ; 8 ; 8
        hello world|.|         ; END_WITHOUT_BLANK_LINE ; 0 ; 0
        _continued|.|          ; END_WITHOUT_BLANK_LINE ; 0 ; 0
        : x|                   ; END_WITHOUT_BLANK_LINE ; 0 ; 0
        ..|                    ; END_WITHOUT_BLANK_LINE ; 0 ; 0
        Date: x|hello|.|       ; END_WITHOUT_BLANK_LINE ; 9 ; 9
        Date: x|hello_|.|      ; END_WITHOUT_BLANK_LINE ; 9 ; 9
        Date: x|._:|z          ; NEED_MORE              ; 14 ; 14
        D\u00e4te: x||         ; END_WITHOUT_BLANK_LINE ; 0 ; 0
        Date: x|From a||       ; END_WITHOUT_BLANK_LINE ; 9 ; 9
        From a@a.test Mon|Date: x|| ; END               ; 28 ; 30
        """)
    void findsTheEnd(String text, End end, int headerBytes, int textOffset) {
        String wire = text.replace("|", "\r\n").replace('_', ' ');
        HeaderFields header = scan(wire);
        assertEquals(end, header.end());
        assertEquals(headerBytes, header.headerBytes());
        assertEquals(textOffset, header.textOffset());
    }

    @Test
    void takesABareCarriageReturnForTheEndAndLeavesItInTheText() {
        HeaderFields header = scan("A: b\r\n\rtext\r\n.\r\n");
        assertEquals(End.END, header.end());
        assertEquals(6, header.textOffset());
    }

    @Test
    void noticesAMailboxSeparator() {
        HeaderFields header = scan("From a@a.test Mon Jan  1\r\nDate: x\r\n\r\n");
        assertTrue(header.hasMailboxLine());
        assertEquals("", header.name(0));
        assertEquals("From a@a.test Mon Jan  1", header.value(0));
        assertTrue(scan(">>From a\r\n\r\n").hasMailboxLine());
        assertFalse(scan("From: a\r\n\r\n").hasMailboxLine());
        assertFalse(scan("from a\r\n\r\n").hasMailboxLine());
        assertFalse(scan("From a\r\n\r\n").has(HeaderName.FROM));
        assertFalse(scan("From a").hasMailboxLine());
    }

    /** A header of which a part has come: nothing is said that the rest could make wrong. */
    @Test
    void saysNothingOfWhatHasNotComeYet() {
        String text = "Received: a\r\n b\r\nTo : c\r\nX:\r\n\ty\r\n\r\ntext\r\n.\r\n";
        HeaderFields whole = scan(text);
        for (int length = 0; length < text.length(); length++) {
            HeaderFields part = scan(text.substring(0, length));
            assertTrue(part.count() <= whole.count());
            for (int i = 0; i < part.count(); i++) {
                assertEquals(whole.name(i) + whole.value(i), part.name(i) + part.value(i));
            }
            assertEquals(length < whole.textOffset() ? End.NEED_MORE : End.END, part.end());
        }
    }

    @Test
    void boundsTheFieldsItLooksAt() {
        String text = "X: y\r\n".repeat(HeaderFields.FIELDS_MAX + 5) + "\r\n.\r\n";
        HeaderFields header = scan(text);
        assertEquals(End.TOO_MANY, header.end());
        assertEquals(HeaderFields.FIELDS_MAX, header.count());
        assertEquals(HeaderFields.FIELDS_MAX * 6, header.textOffset());
        header.remove(0);
        assertEquals(text.substring(6), written(header, text));
    }

    // Changing. ------------------------------------------------------------------------------------------------------

    @Test
    void writesNothingOfAHeaderThatIsNotChanged() {
        String text = "A: b\r\nC : d\r\n\r\nx\r\n.\r\n";
        ByteBuf out = Unpooled.buffer();
        assertEquals(0, scan(text).write(out));
        assertEquals(0, out.readableBytes());
    }

    /** What stands below the last change need not be copied. */
    @Test
    void writesNoMoreThanUpToTheLastChange() {
        String text = "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\nx\r\n.\r\n";
        HeaderFields header = scan(text);
        header.prepend("Top", "0");
        ByteBuf out = Unpooled.buffer();
        assertEquals(0, header.write(out));
        assertEquals("Top: 0\r\n", Splits.text(out));
        header.replace(2, "b", "two");
        out.clear();
        assertEquals(12, header.write(out));
        assertEquals("Top: 0\r\nA: 1\r\nb: two\r\n", Splits.text(out));
        header.append("E", "5");
        assertEquals("Top: 0\r\nA: 1\r\nb: two\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\nx\r\n.\r\n", written(header, text));
    }

    @Test
    void putsFieldsOnTopInTheirOrder() {
        String text = "A: 1\r\n\r\n";
        HeaderFields header = scan(text);
        for (String one : List.of("First", "Second")) {
            header.newField().writeCharSequence(one + ": x\r\n", StandardCharsets.US_ASCII);
            header.putOnTop();
        }
        assertEquals(2, header.topCount());
        assertEquals("First: x\r\nSecond: x\r\nA: 1\r\n\r\n", written(header, text));
        header.prepend("Above", "y");
        assertEquals(3, header.topCount());
        header.remove(1);
        assertEquals(2, header.topCount());
        header.append("Last", "z");
        header.remove(2);
        assertEquals("Above: y\r\nSecond: x\r\nLast: z\r\n\r\n", written(header, text));
    }

    @Test
    void putsTheMissingBlankLineBehindTheHeader() {
        for (String before : List.of("", "A: 1\r\n")) {
            String text = before + "text\r\n.\r\n";
            HeaderFields header = scan(text);
            assertEquals(before + "\r\ntext\r\n.\r\n", written(header, text));
            header.append("B", "2");
            assertEquals(before + "B: 2\r\n\r\ntext\r\n.\r\n", written(header, text));
        }
    }

    @Test
    void goesOnWithTheHeaderWhereItIsKept() {
        String text = "A: 1\r\nB: 2\r\n\r\nbody";
        ByteBuf in = message(text);
        HeaderFields header = new HeaderFields();
        header.scan(in);
        ByteBuf kept = in.copy(in.readerIndex(), header.textOffset());
        header.moveTo(kept);
        in.setZero(0, in.capacity());
        header.remove(0);
        header.append("C", "3");
        assertEquals("2", header.value(0).strip());
        assertEquals("B: 2\r\nC: 3\r\n\r\nbody", written(header, text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        v          ; X: v|
        '  v  '    ; X: v|
        a$b        ; X: a| b|
        a$%b$ c    ; X: a|%b| c|
        a|b        ; X: a| b|
        a$$b       ; X: a| b|
        a$From: me ; X: a| From: me|
        a||.||b    ; X: a| .| b|
        ''         ; X: |
        """)
    void letsNoValueEndItsField(String value, String field) {
        HeaderFields header = scan("\r\n");
        header.append("X", value.replace('$', '\n').replace("|", "\r\n").replace('%', '\t'));
        assertEquals(field.replace("|", "\r\n").replace('%', '\t') + "\r\n", written(header, "\r\n"));
    }

    @Test
    void refusesWhatIsNoName() {
        HeaderFields header = scan("\r\n");
        for (String name : List.of("a b", "a:", "a\r\nB", "\u00e4", "")) {
            assertThrows(RuntimeException.class, () -> header.append(name, "x"), name);
        }
        assertEquals("\r\n", written(header, "\r\n"));
        header.append(".dot", "x");
        assertEquals("..dot: x\r\n\r\n", written(header, "\r\n"));
    }

    @Test
    void saysWhatNewValuesBring() {
        HeaderFields header = scan("\r\n");
        header.append("X", "a".repeat(900) + "\n" + "b".repeat(900));
        assertFalse(header.addsLongLine() || header.addsEightBit());
        header.append("X", "\u00e4");
        assertTrue(header.addsEightBit());
        header.append("X", "b".repeat(999));
        assertTrue(header.addsLongLine());
        header.clear();
        assertFalse(header.addsLongLine() || header.addsEightBit());
    }

    // Against a model. -----------------------------------------------------------------------------------------------

    /** Any bytes, any changes: the result is that of a list of texts, and what nobody touched keeps its bytes. */
    @Test
    void changesARandomHeaderAsAListOfTextsWould() {
        HeaderFields header = new HeaderFields();
        for (int seed = 0; seed < 4_000; seed++) {
            Random random = new Random(seed);
            String text = randomHeader(random) + (random.nextBoolean() ? "\r\n" : "") + "some text: x\r\n.\r\n";
            header.scan(message(text));
            List<String> model = new ArrayList<>();
            for (int i = 0; i < header.count(); i++) {
                model.add(header.bytes(i)
                        .toString(header.start(i), header.end(i) - header.start(i), StandardCharsets.ISO_8859_1));
            }
            String rest = text.substring(header.headerBytes());
            assertEquals(text, String.join("", model) + rest, "seed " + seed);
            if (header.end() == End.END_WITHOUT_BLANK_LINE) {
                rest = "\r\n" + rest;
            }
            for (int i = random.nextInt(12); i > 0; i--) {
                change(header, model, random, i);
            }
            assertEquals(String.join("", model) + rest, written(header, text), "seed " + seed);
            assertEquals(model.size(), header.count());
        }
    }

    private static String randomHeader(Random random) {
        StringBuilder text = new StringBuilder();
        String[] names = {"To", "Received", "X", "From", ".", "Subject ", "Message-ID", "\tX", "bad name", "From a", ""
        };
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(names[random.nextInt(random.nextInt(4) == 0 ? names.length : 7)])
                    .append(':');
            text.append(Splits.random(random, "ab:. \t\0\u00ff\r", random.nextInt(10)));
            text.append(random.nextInt(4) == 0 ? "\r\n\tfold" : "").append(random.nextInt(9) == 0 ? "\n" : "\r\n");
        }
        return text.toString();
    }

    private static void change(HeaderFields header, List<String> model, Random random, int number) {
        String name = random.nextBoolean() ? "To" : "New";
        String field = name + ": " + number + "\r\n";
        String value = String.valueOf(number);
        int at = random.nextInt(model.size() + 1);
        switch (random.nextInt(6)) {
            case 0 -> {
                header.prepend(name, value);
                model.add(0, field);
            }
            case 1 -> {
                header.append(name, value);
                model.add(field);
            }
            case 2 -> {
                header.insert(at, name, value);
                model.add(at, field);
            }
            case 3 -> {
                int top = header.topCount();
                header.newField().writeCharSequence(field, StandardCharsets.US_ASCII);
                header.putOnTop();
                model.add(top, field);
            }
            default -> {
                if (at == model.size()) {
                    return;
                }
                if (random.nextBoolean()) {
                    header.remove(at);
                    model.remove(at);
                } else {
                    header.replace(at, name, value);
                    model.set(at, field);
                }
            }
        }
    }
}
