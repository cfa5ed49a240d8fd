// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SevenBitEncoderTest {
    /** LF line ends in and out, without stuffing and the final dot; characters are octets. */
    private static String encode(String content, int... cuts) {
        String wire = content.replace("\n", "\r\n").replaceAll("(?m)^\\.", "..") + ".\r\n";
        SevenBitEncoder encoder = new SevenBitEncoder();
        ByteBuf out = Unpooled.buffer();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : wire.length();
            encoder.encode(Unpooled.copiedBuffer(wire.substring(from, to), StandardCharsets.ISO_8859_1), out);
            from = to;
        }
        encoder.finish(out);
        String result = out.toString(StandardCharsets.ISO_8859_1);
        assertTrue(result.endsWith("\r\n.\r\n"), result);
        String body = result.substring(0, result.length() - 3);
        assertEquals(-1, body.replace("\r\n", "").indexOf('\r'));
        return body.replaceAll("(?m)^\\.\\.", ".").replace("\r\n", "\n");
    }

    private static String encodeAnyWay(String content) {
        String whole = encode(content);
        int length = content.replace("\n", "\r\n").replaceAll("(?m)^\\.", "..").length() + 3;
        for (int cut = 0; cut <= length; cut++) {
            assertEquals(whole, encode(content, cut), "cut at " + cut);
        }
        return whole;
    }

    private static String decode(String quotedPrintable) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < quotedPrintable.length(); i++) {
            char c = quotedPrintable.charAt(i);
            if (c != '=') {
                out.append(c);
            } else if (quotedPrintable.charAt(i + 1) == '\n') {
                i++;
            } else {
                out.append((char) Integer.parseInt(quotedPrintable.substring(i + 1, i + 3), 16));
                i += 2;
            }
        }
        return out.toString();
    }

    @Test
    void encodesPlainTextThatSaysItIsEightBit() {
        assertEquals("""
                Subject: x
                MIME-Version: 1.0
                Content-Type: text/plain; charset=iso-8859-1
                Content-Transfer-Encoding: quoted-printable

                gr=FC=DFe =3D
                .dot
                trailing=20
                """, encodeAnyWay("""
                        Subject: x
                        MIME-Version: 1.0
                        Content-transfer-ENCODING:
                         8bit
                        Content-Type: text/plain; charset=iso-8859-1

                        gr\u00fc\u00dfe =
                        .dot
                        trailing\s
                        """));
    }

    @Test
    void declaresWhatCameWithoutAWord() {
        assertEquals("""
                Subject: gr\u00fc\u00dfe
                MIME-Version: 1.0
                Content-Type: text/plain; charset=unknown-8bit
                Content-Transfer-Encoding: quoted-printable

                =FC
                """, encodeAnyWay("Subject: gr\u00fc\u00dfe\n\n\u00fc\n"));
    }

    @Test
    void encodesEveryPartThatNeedsItAndNoOther() {
        assertEquals("""
                MIME-Version: 1.0
                Content-Type: multipart/mixed; x=";boundary=no"; boundary="o u;t"
                Content-Transfer-Encoding: 7bit

                preamble \u00e4
                --o u;t
                Content-Type: text/plain
                Content-Transfer-Encoding: quoted-printable

                =E4
                --o u;tx is no boundary
                --o u;t \s
                Content-Type: image/png
                Content-Transfer-Encoding: base64

                AAAA
                --o u;t
                Content-Type: multipart/alternative; boundary=in
                Content-Transfer-Encoding: 7bit

                --in
                Content-Transfer-Encoding: quoted-printable

                =F6

                --in--
                epilogue
                --o u;t
                Content-Type: message/rfc822
                Content-Transfer-Encoding: 7bit

                Subject: within
                MIME-Version: 1.0
                Content-Type: text/plain; charset=unknown-8bit
                Content-Transfer-Encoding: quoted-printable

                =FC
                --o u;t
                Content-Type: message/delivery-status

                Status: 5.0.0
                --o u;t--
                epilogue \u00e4
                """, encodeAnyWay("""
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; x=";boundary=no"; boundary="o u;t"
                        Content-Transfer-Encoding: 8bit

                        preamble \u00e4
                        --o u;t
                        Content-Type: text/plain
                        Content-Transfer-Encoding: 8bit

                        \u00e4
                        --o u;tx is no boundary
                        --o u;t \s
                        Content-Type: image/png
                        Content-Transfer-Encoding: base64

                        AAAA
                        --o u;t
                        Content-Type: multipart/alternative; boundary=in

                        --in

                        \u00f6

                        --in--
                        epilogue
                        --o u;t
                        Content-Type: message/rfc822
                        Content-Transfer-Encoding: 8bit

                        Subject: within

                        \u00fc
                        --o u;t
                        Content-Type: message/delivery-status

                        Status: 5.0.0
                        --o u;t--
                        epilogue \u00e4
                        """));
    }

    @Test
    void endsWhatIsBelowAtAnOuterBoundary() {
        String encoded = encodeAnyWay("""
                Content-Type: multipart/mixed; boundary=a

                --a
                Content-Type: multipart/digest; boundary=ab

                --ab

                Subject: in a digest

                \u00e4
                --a

                \u00f6
                --ab
                """);
        assertTrue(encoded.contains("Subject: in a digest\nMIME-Version: 1.0\n"), encoded);
        assertTrue(encoded.endsWith("--a\nContent-Transfer-Encoding: quoted-printable\n\n=F6\n--ab\n"), encoded);
    }

    @Test
    void takesALineThatIsNoFieldForContent() {
        assertTrue(encodeAnyWay("Subject: x\nno field \u00e4\n\nmore\n").endsWith("\n\nno field =E4\n\nmore\n"));
        assertTrue(encodeAnyWay("\u00e4\n").endsWith("\n\n=E4\n"));
    }

    @Test
    void endsWithTheHeaderWhereThereIsNothingElse() {
        assertTrue(encodeAnyWay("Subject: x\n").startsWith("Subject: x\n"));
        encodeAnyWay("");
    }

    @Test
    void losesNothingOfAnyText() {
        Random random = new Random(20260102);
        String alphabet = "a.=- \t\n\u00e4\u0000:x";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder content = new StringBuilder("Subject: x\nContent-Transfer-Encoding: 8bit\n\n");
            int longLine = random.nextInt(20) == 0 ? 5_000 : 0;
            for (int i = random.nextInt(200) + longLine; i > 0; i--) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                content.append(longLine > 0 && c == '\n' ? 'y' : c);
            }
            String text = content.append('\n').toString();
            String encoded = encode(text, random.nextInt(text.length()));
            String body = encoded.substring(encoded.indexOf("\n\n") + 2);
            assertEquals(text.substring(text.indexOf("\n\n") + 2), decode(body));
            assertTrue(body.lines()
                    .allMatch(line -> line.length() <= 76 && line.chars().allMatch(c -> c < 0x7f)));
        }
    }

    @Test
    void givesUpOnAnEndlessHeader() {
        String content = "X: " + "y".repeat(200_000) + "\nContent-Type: text/plain\n\n\u00e4\n.x\n";
        assertEquals(content, encode(content));
    }

    @Test
    void boundsHowDeepItGoes() {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            content.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        assertTrue(encode(content.append("\n\u00e4\n").toString()).endsWith("\n\u00e4\n"));
    }
}
