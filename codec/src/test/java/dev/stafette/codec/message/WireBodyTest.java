// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Splits;
import dev.stafette.codec.testing.StoredText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireBodyTest {
    private static String decode(String wire, boolean lineFeedOnly) {
        return Splits.everyWay(Splits.bytes(wire), pieces -> {
            WireBody body = new WireBody(lineFeedOnly);
            ByteBuf out = Unpooled.buffer();
            boolean ended = false;
            for (ByteBuf piece : pieces) {
                ended = body.decode(piece, out);
            }
            assertEquals(ended, body.isAtEnd());
            return Splits.text(out) + (ended ? "" : "(open)");
        });
    }

    @Test
    void takesAwayDotsAndTheEnd() {
        assertEquals("", decode(".\r\n", false));
        assertEquals(".x\r\ny\r\n..\r\n", decode("..x\r\ny\r\n...\r\n.\r\n", false));
        assertEquals("a.\r\n.\r\n", decode("a.\r\n..\r\n.\r\n", false));
        assertEquals("a\r\n(open)", decode("a\r\n", false));
        assertEquals("a\r\n(open)", decode("a\r\n.\r", false));
    }

    @Test
    void endsLinesAsAsked() {
        assertEquals(".x\n\ny\n", decode("..x\r\n\r\ny\r\n.\r\n", true));
        assertEquals("a\rb\n", decode("a\rb\r\n.\r\n", true));
    }

    @Test
    void leavesWhatIsBehindTheEnd() {
        ByteBuf in = Unpooled.copiedBuffer("a\r\n.\r\nnext", StandardCharsets.US_ASCII);
        ByteBuf out = Unpooled.buffer();
        WireBody body = new WireBody(false);
        assertTrue(body.decode(in, out));
        assertEquals("next", in.toString(StandardCharsets.US_ASCII));
        assertTrue(body.decode(in, out));
        assertEquals("a\r\n", out.toString(StandardCharsets.US_ASCII));
        assertFalse(new WireBody(false).isAtEnd());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesBackWhatWasStored(boolean lineFeedOnly) {
        Random random = new Random(5321);
        for (int i = 0; i < 300; i++) {
            List<String> lines = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                lines.add(Splits.random(random, "..ab", random.nextInt(5)));
            }
            StringBuilder content = new StringBuilder();
            lines.forEach(line -> content.append(line).append(lineFeedOnly ? "\n" : "\r\n"));
            assertEquals(content.toString(), decode(StoredText.encode(lines), lineFeedOnly));
        }
    }
}
