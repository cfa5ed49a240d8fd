// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MilterReplyTest {
    private static ByteBuf packet(String latin1) {
        return Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
    }

    @Test
    void readsEachKind() {
        assertEquals(MilterReply.Kind.CONTINUE, MilterReply.parse(packet("c")).kind());
        MilterReply changed = MilterReply.parse(packet("m\0\0\0\2Subject\0new\0"));
        assertEquals(
                "CHANGE_HEADER 2 Subject new",
                changed.kind() + " " + changed.number() + " " + changed.firstText() + " " + changed.secondText());
        assertEquals("a@b.test", MilterReply.parse(packet("+a@b.test\0")).firstText());
        assertNull(MilterReply.parse(packet("e<>\0")).second());
        assertEquals("RET=HDRS", MilterReply.parse(packet("e<>\0RET=HDRS\0")).secondText());
        assertEquals("a\0b", MilterReply.parse(packet("ba\0b")).firstText());
    }

    @Test
    void saysWhatIsWrong() {
        for (String bad : List.of("z", "cx", "h", "hname", "hname\0", "hname\0value", "m\0\0", "+a\0x", "-")) {
            assertThrows(IllegalArgumentException.class, () -> MilterReply.parse(packet(bad)), bad);
        }
    }

    @Test
    void survivesAnything() {
        Random random = new Random(38);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            random.nextBytes(bytes);
            bytes[0] = (byte) "cyhmie+2-bpq".charAt(random.nextInt(12));
            try {
                MilterReply.parse(Unpooled.wrappedBuffer(bytes));
            } catch (IllegalArgumentException expected) {
                assertEquals(true, expected.getMessage() != null);
            }
        }
    }

    @Test
    void readsWhatAMilterWants() {
        MilterOptions wanted =
                MilterOptions.parse(packet("O\0\0\0\6\0\0\0\1\0\0\2\0\0\0\0\2i, {mail_addr}\0\0\0\0\5\0"));
        assertEquals(6, wanted.version());
        assertEquals(0x200, wanted.protocol());
        assertEquals(List.of("i", "{mail_addr}"), wanted.macros().get(MilterCommand.MAIL));
        assertNull(wanted.macros().get(MilterCommand.END_OF_BODY));
        assertThrows(IllegalArgumentException.class, () -> MilterOptions.parse(packet("c")));
    }

    @Test
    void knowsWhatAnOlderVersionDoesNotHave() {
        assertEquals(0, MilterOptions.unknownIn(6));
        assertEquals(MilterCommand.DATA.unwanted() | MilterCommand.UNKNOWN.unwanted(), MilterOptions.unknownIn(2));
        assertEquals(MilterCommand.DATA.unwanted(), MilterOptions.unknownIn(3));
    }

    @Test
    void writesPacketsOneBehindTheOther() {
        ByteBuf out = Unpooled.buffer();
        MilterWriter writer = new MilterWriter(out);
        writer.begin(MilterCommand.HELO).text("c\0d").end();
        ByteBuf field = packet("X: a\r\n b\0c");
        writer.begin(MilterCommand.HEADER)
                .fieldText(field, 0, 1)
                .fieldText(field, 3, 10)
                .end();
        assertEquals("\0\0\0\3Hc\0\0\0\0\nLX\0a\n b c\0", out.toString(StandardCharsets.ISO_8859_1));
    }
}
