// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ExtentFormatTest {
    private static final long ID = 0x0102_0304_0506_0708L;
    private static final long ARRIVAL_MS = 1_700_000_000_123L;
    private static final String CONTENT = "Subject: x\r\n\r\ntext\r\n.\r\n";

    /** Header, envelope, content: as segments of the first release hold them. */
    private static final String GOLDEN = "5354465801000201" + "0807060504030201" + "00000000" + "22000000" + "17000000"
            + "%CRC%" + "7b68e5cf8b010000" + "%HCR%" + "00000000"
            + "01000001006106" + "00622e74657374ffff" + "01000000" + "010063" + "0600642e74657374" + "00ffff";

    private static ByteBuf extent() {
        ByteBuf prefix = Unpooled.buffer();
        ByteBuf content = Unpooled.copiedBuffer(CONTENT, StandardCharsets.US_ASCII);
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "b.test"), List.of(new EnvelopeRecipient(MailAddress.of("c", "d.test"))));
        int headerBytes = ExtentFormat.begin(prefix, ID, 0, envelope, ARRIVAL_MS);
        ExtentFormat.finish(prefix, content, headerBytes, BodyRef.EIGHT_BIT | ExtentFormat.LAST);
        return Unpooled.wrappedBuffer(prefix, content);
    }

    private static void check(ByteBuf extent) {
        ExtentFormat.checkHeader(extent, ID, 0, ExtentFormat.HEADER_BYTES + 0x22, CONTENT.length());
    }

    private static int crc(ByteBuf bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBufUtil.getBytes(bytes, from, length));
        return (int) crc.getValue();
    }

    private static String hex(int littleEndian) {
        return String.format("%08x", Integer.reverseBytes(littleEndian));
    }

    @Test
    void writesTheBytesThatItAlwaysWrote() {
        ByteBuf extent = extent();
        int rest = extent.readableBytes() - ExtentFormat.HEADER_BYTES;
        String expected = GOLDEN.replace("%CRC%", hex(crc(extent, ExtentFormat.HEADER_BYTES, rest)))
                        .replace("%HCR%", hex(crc(extent, 0, 40)))
                + ByteBufUtil.hexDump(CONTENT.getBytes(StandardCharsets.US_ASCII));
        assertEquals(expected, ByteBufUtil.hexDump(extent));
        assertDoesNotThrow(() -> check(extent));
        assertEquals(extent.readableBytes(), ExtentFormat.lengthBytes(extent));
    }

    @Test
    void refusesAHeaderOfWhichAnyBitIsWrong() {
        for (int bit = 0; bit < 44 * 8; bit++) {
            ByteBuf extent = extent();
            extent.setByte(bit / 8, extent.getByte(bit / 8) ^ 1 << bit % 8);
            assertThrows(StorageException.class, () -> check(extent), "bit " + bit);
        }
    }

    @Test
    void namesTheVersionThatItDoesNotKnow() {
        ByteBuf extent = extent();
        extent.setShortLE(4, 2);
        extent.setIntLE(40, crc(extent, 0, 40));
        StorageException refused = assertThrows(StorageException.class, () -> check(extent));
        assertTrue(refused.getMessage().contains("extent version: 2 (expected: 1)"), refused.getMessage());
    }
}
