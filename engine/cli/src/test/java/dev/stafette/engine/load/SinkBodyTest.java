// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SinkBodyTest {
    private static final String CONTENT =
            "Received: by x\r\n\tfor y\r\nX-Seq: 4711\r\n\r\ntext\r\n..stuffed\r\n.\t\r\nX-Seq: 1\r\n";

    private static ByteBuf buffer(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void findsNumberAndEndWhereverTheInputIsSplit() {
        String wire = CONTENT + ".\r\nMAIL";
        for (int split = 0; split <= wire.length(); split++) {
            SinkBody body = new SinkBody();
            body.begin();
            ByteBuf in = Unpooled.buffer();
            in.writeBytes(buffer(wire.substring(0, split)));
            boolean isEnd = body.read(in);
            assertEquals(split >= wire.length() - 4, isEnd, "split at " + split);
            in.writeBytes(buffer(wire.substring(split)));
            assertTrue(isEnd || body.read(in), "split at " + split);
            assertEquals(4711, body.sequence());
            assertEquals(CONTENT.length(), body.byteCount());
            assertEquals("MAIL", in.toString(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void takesAMessageByteByByte() {
        SinkBody body = new SinkBody();
        body.begin();
        ByteBuf in = Unpooled.buffer();
        String wire = CONTENT + ".\r\n";
        for (int i = 0; i < wire.length() - 1; i++) {
            in.writeByte(wire.charAt(i));
            assertFalse(body.read(in));
        }
        in.writeByte('\n');
        assertTrue(body.read(in));
        assertEquals(4711, body.sequence());
    }

    @Test
    void saysWhenThereIsNoNumber() {
        SinkBody body = new SinkBody();
        body.begin();
        assertTrue(body.read(buffer("Subject: X-Seq: 5\r\n\r\nX-Seq: 6\r\n.\r\n")));
        assertEquals(SinkBody.NO_SEQUENCE, body.sequence());
    }

    @Test
    void takesAnEmptyMessage() {
        SinkBody body = new SinkBody();
        body.begin();
        assertTrue(body.read(buffer(".\r\n")));
        assertEquals(0, body.byteCount());
    }
}
