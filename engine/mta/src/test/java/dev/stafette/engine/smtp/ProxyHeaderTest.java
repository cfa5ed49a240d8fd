// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, whole, byte by byte, and anything else. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = SIGNATURE + "2111000c" + "c0000207" + "c0000208" + "1267" + "0019";

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What comes of it, and how many bytes are left. */
    private static String read(byte[] bytes) {
        ProxyHeader whole = new ProxyHeader();
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        ProxyHeader.Result result = whole.read(in);
        ProxyHeader dripped = new ProxyHeader();
        ProxyHeader.Result last = ProxyHeader.Result.MORE;
        int at = 0;
        while (at < bytes.length && last == ProxyHeader.Result.MORE) {
            last = dripped.read(Unpooled.wrappedBuffer(bytes, at++, 1));
        }
        assertEquals(result, last);
        assertEquals(whole.peer(), dripped.peer());
        assertEquals(in.readableBytes(), bytes.length - at);
        InetSocketAddress peer = whole.peer();
        String shown = peer == null ? "" : " " + peer.getAddress().getHostAddress() + " " + peer.getPort();
        return result + shown + " " + in.readableBytes();
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 192.0.2.8 4711 25, DONE 192.0.2.7 4711 0",
        "PROXY TCP6 2001:db8::1 2001:db8::2 1 2, DONE 2001:db8:0:0:0:0:0:1 1 0"
    })
    void readsTheFirstVersion(String line, String expected) {
        assertEquals(expected, read(latin1(line + "\r\n")));
        assertEquals(expected.replaceFirst("0$", "6"), read(latin1(line + "\r\nEHLO x")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        EHLO x                                    | unexpected protocol header
        proxy TCP4 192.0.2.7 192.0.2.8 4711 25    | unexpected protocol header
        PROXY                                     | bad or missing protocol type
        PROXY UNKNOWN                             | bad or missing protocol type
        PROXY TCP4 192.0.2 192.0.2.8 4711 25      | bad or missing client address
        PROXY TCP4 2001:db8::1 192.0.2.8 4711 25  | bad or missing client address
        PROXY TCP6 192.0.2.7 2001:db8::1 4711 25  | bad or missing client address
        PROXY TCP4 192.0.2.7                      | bad or missing server address
        PROXY TCP4 192.0.2.7 192.0.2.8            | bad or missing client port
        PROXY TCP4 192.0.2.7 192.0.2.8 65536 25   | bad or missing client port
        PROXY TCP4 192.0.2.7 192.0.2.8 -1 25      | bad or missing client port
        PROXY TCP4 192.0.2.7 192.0.2.8 4711       | bad or missing server port
        """)
    void saysWhatIsWrongWithALine(String line, String mistake) {
        ProxyHeader header = new ProxyHeader();
        assertEquals(ProxyHeader.Result.BAD, header.read(Unpooled.wrappedBuffer(latin1(line + "\r\n"))));
        assertEquals(mistake + ": " + line + "\r\n", header.mistake());
        assertNull(header.peer());
    }

    @Test
    void readsTheSecondVersion() {
        HexFormat hex = HexFormat.of();
        assertEquals("DONE 192.0.2.7 4711 0", read(hex.parseHex(IPV4)));
        assertEquals("DONE 192.0.2.7 4711 2", read(hex.parseHex(IPV4 + "4548")));
        // With three bytes of extensions.
        assertEquals("DONE 192.0.2.7 4711 0", read(hex.parseHex(IPV4.replace("2111000c", "2111000f") + "010203")));
        // A health check of the proxy's own.
        assertEquals("DONE 0", read(hex.parseHex(SIGNATURE + "20000000")));
        assertEquals("MORE 0", read(hex.parseHex(IPV4.substring(0, IPV4.length() - 2))));
    }

    /** Version 1, another command, UDP, an address field that is too short, and a header that is too long. */
    @ParameterizedTest
    @ValueSource(strings = {"1111000c", "2211000c", "2112000c", "2111000b", "2111ffff"})
    void refusesWhatItDoesNotKnow(String head) {
        byte[] bytes = HexFormat.of().parseHex(IPV4.replace("2111000c", head));
        assertTrue(read(bytes).startsWith("BAD"), head);
    }

    @Test
    void takesNoMoreThanItsLimit() {
        byte[] endless = latin1("PROXY " + "x".repeat(ProxyHeader.BYTES_MAX));
        ProxyHeader header = new ProxyHeader();
        assertEquals(ProxyHeader.Result.BAD, header.read(Unpooled.wrappedBuffer(endless)));
        assertTrue(header.mistake().startsWith("header too long: PROXY xxx"), header.mistake());
    }

    /** Bytes of anybody's choosing, near to a header and far from one. */
    @Test
    void makesSomethingOfAnything() {
        Random random = new Random(11);
        byte[][] seeds = {HexFormat.of().parseHex(IPV4), latin1("PROXY TCP4 192.0.2.7 192.0.2.8 4711 25\r\n")};
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = seeds[i % 2].clone();
            for (int change = random.nextInt(4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(10) == 0) {
                random.nextBytes(bytes);
            }
            assertNotNull(read(bytes));
        }
    }
}
