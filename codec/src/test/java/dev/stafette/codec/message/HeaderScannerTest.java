// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.message.HeaderScanner.Result;
import dev.stafette.codec.testing.Splits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HeaderScannerTest {
    private record Seen(
            Result result,
            long headerLength,
            int receivedCount,
            @Nullable String messageId,
            boolean mailboxLine,
            String has) {}

    private static Seen scan(List<ByteBuf> pieces) {
        HeaderScanner scanner = new HeaderScanner();
        Result result = Result.NEED_MORE;
        for (ByteBuf piece : pieces) {
            int readable = piece.readableBytes();
            result = scanner.scan(piece);
            assertEquals(readable, piece.readableBytes());
        }
        StringBuilder has = new StringBuilder();
        for (int bit = 1; bit <= HeaderScanner.RESENT_SENDER; bit <<= 1) {
            has.append(scanner.has(bit) ? '1' : '0');
        }
        return new Seen(
                result,
                scanner.headerLength(),
                scanner.receivedCount(),
                scanner.messageId(),
                scanner.hasMailboxLine(),
                has.toString());
    }

    private static Seen scan(String text) {
        return Splits.everyWay(Splits.bytes(text), HeaderScannerTest::scan);
    }

    private static HeaderScanner whole(String text) {
        HeaderScanner scanner = new HeaderScanner();
        scanner.scan(Unpooled.wrappedBuffer(Splits.bytes(text)));
        return scanner;
    }

    @Test
    void seesWhatARelayAsksFor() {
        String header =
                "Received: from a\r\n\tby b; x\r\nRECEIVED : y\r\nDate: now\r\nfrom: a@a.test\r\nMessage-Id: <1@a.test>\r\nX-Received: z\r\n";
        Seen seen = scan(header + "\r\nTo: body\r\n.\r\n");
        assertEquals(Result.END, seen.result());
        assertEquals(header.length(), seen.headerLength());
        assertEquals(2, seen.receivedCount());
        assertEquals("<1@a.test>", seen.messageId());
        HeaderScanner scanner = whole(header + "\r\n");
        assertTrue(scanner.has(HeaderScanner.DATE)
                && scanner.has(HeaderScanner.FROM)
                && scanner.has(HeaderScanner.MESSAGE_ID));
        assertFalse(scanner.has(HeaderScanner.TO | HeaderScanner.CC | HeaderScanner.RESENT));
    }

    @Test
    void tellsResentFieldsApart() {
        HeaderScanner scanner = whole("Resent-From: a\r\nResent-Message-ID: <x>\r\nresent-to: b\r\n\r\n");
        assertTrue(scanner.has(HeaderScanner.RESENT));
        assertTrue(scanner.has(HeaderScanner.RESENT_FROM)
                && scanner.has(HeaderScanner.RESENT_MESSAGE_ID)
                && scanner.has(HeaderScanner.RESENT_TO));
        assertFalse(scanner.has(HeaderScanner.FROM | HeaderScanner.MESSAGE_ID | HeaderScanner.RESENT_DATE));
        assertNull(scanner.messageId());
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
                whole("Message-ID: " + "x".repeat(5000) + "\r\n\r\n").messageId());
    }

    @Test
    void endsAtTheFinalDotLine() {
        assertEquals(Result.END, scan(".\r\n").result());
        Seen seen = scan("Date: x\r\n.\r\n");
        assertEquals(Result.END, seen.result());
        assertEquals(9, seen.headerLength());
        assertEquals(Result.NEED_MORE, scan("..x: y\r\n").result());
    }

    @Test
    void missesTheBlankLineBeforeOtherText() {
        assertEquals(Result.END_WITHOUT_BLANK_LINE, scan("hello world\r\n.\r\n").result());
        assertEquals(Result.END_WITHOUT_BLANK_LINE, scan(" continued\r\n.\r\n").result());
        assertEquals(Result.END_WITHOUT_BLANK_LINE, scan(": x\r\n").result());
        assertEquals(Result.END_WITHOUT_BLANK_LINE, scan("..\r\n").result());
        Seen seen = scan("Date: x\r\nhello\r\n.\r\n");
        assertEquals(Result.END_WITHOUT_BLANK_LINE, seen.result());
        assertEquals(9, seen.headerLength());
        assertEquals(Result.END_WITHOUT_BLANK_LINE, scan("D\u00e4te: x\r\n\r\n").result());
    }

    @Test
    void noticesAMailboxSeparator() {
        Seen seen = scan("From a@a.test Mon Jan  1\r\nDate: x\r\n\r\n");
        assertTrue(seen.mailboxLine());
        assertEquals(Result.END, seen.result());
        assertTrue(scan(">>From a\r\n\r\n").mailboxLine());
        assertFalse(scan("From: a\r\n\r\n").mailboxLine());
        assertFalse(scan("from a\r\n\r\n").mailboxLine());
        assertEquals(
                Result.END_WITHOUT_BLANK_LINE, scan("Date: x\r\nFrom a\r\n\r\n").result());
        assertFalse(whole("From a\r\n\r\n").has(HeaderScanner.FROM));
    }

    @Test
    void passesOverAHeaderOfAnySize() {
        HeaderScanner scanner = new HeaderScanner();
        ByteBuf piece = Unpooled.wrappedBuffer(
                Splits.bytes("Received: " + "x".repeat(2000) + "\r\nX-" + "y".repeat(500) + ": z\r\n"));
        for (int i = 0; i < 1000; i++) {
            assertEquals(Result.NEED_MORE, scanner.scan(piece));
        }
        assertEquals(1000, scanner.receivedCount());
        scanner.reset();
        assertEquals(0, scanner.receivedCount());
        assertEquals(0, scanner.headerLength());
    }

    @Test
    void survivesAnyBytes() {
        Random random = new Random(9);
        for (int round = 0; round < 3_000; round++) {
            String text = Splits.random(random, "\r\n:. \tFrom>Date\0\u00ff", random.nextInt(60)) + "\r\n\r\n.\r\n";
            Splits.someWays(Splits.bytes(text), random, HeaderScannerTest::scan);
        }
    }
}
