// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a signature covers of a header, and how its field looks. */
class MessageSignatureTest {
    private static final byte[] BODY_HASH = new byte[32];
    private static final String BODY_HASH_TEXT = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static HeaderFields header(String text) {
        HeaderFields fields = new HeaderFields();
        fields.scan(Unpooled.copiedBuffer(text + "\r\nbody\r\n.\r\n", StandardCharsets.UTF_8));
        return fields;
    }

    private static MessageSignature signature(SignedHeader header, long expiresS) {
        SignatureTags tags = new SignatureTags(
                SignatureAlgorithm.ED25519_SHA256, Canonicalization.RELAXED, "a.test", "mail", 12, expiresS);
        return MessageSignature.of(header, tags, BODY_HASH);
    }

    private static String signed(HeaderFields header, Canonicalization form, List<String> names) {
        CanonicalHeader canonical = new CanonicalHeader(form);
        canonical.addAll(header, names, new FieldsFromBelow(header));
        return new String(canonical.bytes(), StandardCharsets.UTF_8);
    }

    /** What is signed in front of the signature's own field. */
    private static String covered(SignedHeader header) {
        String text = new String(signature(header, 0).signedBytes(), StandardCharsets.UTF_8);
        return text.substring(0, text.indexOf("dkim-signature:"));
    }

    @Test
    void coversTheFieldsOfRfc6376InEitherForm() {
        HeaderFields header = header("A: X\r\nB : Y\t\r\n\tZ  \r\n");
        assertEquals("a:X\r\nb:Y Z\r\n", signed(header, Canonicalization.RELAXED, List.of("A", "B")));
        assertEquals("A: X\r\nB : Y\t\r\n\tZ  \r\n", signed(header, Canonicalization.SIMPLE, List.of("A", "B")));
    }

    @Test
    void takesTheFieldsOfANameFromTheBottomAndNothingForTheOneThatIsNotThere() {
        HeaderFields header = header("A: 1\r\nB: x\r\na: 2\r\nA: 3\r\n");
        assertEquals(
                "a:3\r\na:2\r\nb:x\r\na:1\r\n",
                signed(header, Canonicalization.RELAXED, List.of("A", "a", "B", "A", "A", "C")));
    }

    @Test
    void namesEachFieldAsOftenAsItIsThereAndClosesSome() {
        HeaderFields header = header("To: 1\r\nFrom: x\r\nTO: 2\r\n");
        SignedHeader covered = SignedHeader.of(
                header, Canonicalization.RELAXED, List.of("From", "Subject", "To"), List.of("From", "Subject"));
        assertEquals(List.of("From", "To", "To", "From", "Subject"), covered.names());
        assertEquals("from:x\r\nto:2\r\nto:1\r\n", covered(covered));
        assertEquals(
                signed(header, Canonicalization.RELAXED, covered.names()),
                covered(covered),
                "as a verifier reads the names");
    }

    @Test
    void coversTheLastFieldOfANameThatIsOnlyClosed() {
        HeaderFields header = header("To: 1\r\nFrom: x\r\nTO: 2\r\n");
        SignedHeader covered =
                SignedHeader.of(header, Canonicalization.RELAXED, List.of("From", "from"), List.of("To", "From"));
        assertEquals(List.of("From", "To", "From"), covered.names());
        assertEquals("from:x\r\nto:2\r\n", covered(covered));
    }

    @Test
    void boundsHowManyFieldsOfANameItCovers() {
        HeaderFields header = header("From: x\r\n".repeat(10_000));
        SignedHeader covered =
                SignedHeader.of(header, Canonicalization.RELAXED, List.of("From"), List.of("From", "To"));
        assertEquals(51, covered.names().size());
        assertEquals("from:x\r\n".repeat(50), covered(covered));
    }

    @Test
    void signsItsOwnFieldWithoutASignatureAndWithoutALineEnd() {
        HeaderFields header = header("From: x\r\n");
        MessageSignature relaxed =
                signature(SignedHeader.of(header, Canonicalization.RELAXED, List.of("From"), List.of()), 99);
        assertEquals(
                "from:x\r\ndkim-signature:v=1; a=ed25519-sha256; c=relaxed/relaxed; d=a.test; s=mail; t=12; x=99;"
                        + " h=From; bh=" + BODY_HASH_TEXT + "; b=",
                new String(relaxed.signedBytes(), StandardCharsets.UTF_8));
        MessageSignature simple =
                signature(SignedHeader.of(header, Canonicalization.SIMPLE, List.of("From"), List.of()), 0);
        ByteBuf written = Unpooled.buffer();
        simple.write(new byte[0], written);
        assertEquals(
                "From: x\r\n" + written.toString(StandardCharsets.UTF_8),
                new String(simple.signedBytes(), StandardCharsets.UTF_8) + "\r\n");
    }

    @Test
    void foldsItsFieldIntoLinesThatPassEverywhere() {
        HeaderFields header = header("From: x\r\nSubject: y\r\n" + "To: z\r\n".repeat(40));
        ByteBuf written = Unpooled.buffer();
        signature(SignedHeader.of(header, Canonicalization.RELAXED, List.of("From", "Subject", "To"), List.of()), 0)
                .write(new byte[256], written);
        String text = written.toString(StandardCharsets.UTF_8);
        String[] lines = text.split("\r\n", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            assertTrue(lines[i].length() <= 78, lines[i]);
            assertTrue(i == 0 || lines[i].startsWith("\t"), lines[i]);
        }
        assertEquals("", lines[lines.length - 1]);
        assertEquals(42, text.replaceAll("\\s", "").split("h=")[1].split(";")[0].split(":").length);
    }
}
