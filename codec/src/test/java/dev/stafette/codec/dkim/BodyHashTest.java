// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The canonical forms of RFC 6376 §3.4 and the vectors of RFC 8463, in whatever pieces the bytes come. */
class BodyHashTest {
    private static final String END = ".\r\n";

    private static String hash(Canonicalization form, String wire) {
        BodyHash hash = new BodyHash(form);
        hash.add(bytes(wire));
        return Base64.getEncoder().encodeToString(hash.end());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return Base64.getEncoder()
                .encodeToString(
                        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** {@code \} for CR LF, {@code ~} for a CR and {@code ^} for an LF of its own, {@code _} for a space, {@code t} for a tab. */
    private static String text(String written) {
        return written.replace("\\", "\r\n")
                .replace('~', '\r')
                .replace('^', '\n')
                .replace('_', ' ')
                .replace('t', '\t');
    }

    @Test
    void hashesTheMessageOfRfc8463() {
        String body = "Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n";
        String expected = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";
        assertEquals(expected, hash(Canonicalization.SIMPLE, body + END));
        assertEquals(expected, hash(Canonicalization.RELAXED, body.replace(" ", " \t ") + END));
    }

    @Test
    void hashesAnEmptyBodyAsTheRfcHasIt() {
        assertEquals("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=", hash(Canonicalization.SIMPLE, END));
        assertEquals("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", hash(Canonicalization.RELAXED, END));
        assertEquals(hash(Canonicalization.SIMPLE, END), hash(Canonicalization.SIMPLE, "\r\n\r\n" + END));
        assertEquals(hash(Canonicalization.RELAXED, END), hash(Canonicalization.RELAXED, " \r\n\t\r\n" + END));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // What came, in the simple form, in the relaxed one; RFC 6376 §3.4.6 first.
                "_C_\\D_t_E\\\\\\ | _C_\\D_t_E\\ | _C\\D_E\\",
                "a\\ | a\\ | a\\",
                "a\\\\b\\_\\ | a\\\\b\\_\\ | a\\\\b\\",
                "a__b_tc\\ | a__b_tc\\ | a_b_c\\",
                "..a\\.b\\ | .a\\b\\ | .a\\b\\",
                "a~b\\~\\~~c\\ | a~b\\~\\~~c\\ | a~b\\~\\~~c\\",
                "a~_b~\\ | a~_b~\\ | a~_b~\\",
                "a^b\\^\\ | a^b\\^\\ | a^b\\^\\",
            })
    void bringsTheBodyIntoItsCanonicalForm(String came, String simple, String relaxed) throws NoSuchAlgorithmException {
        String wire = text(came) + END;
        assertEquals(sha256(text(simple)), hash(Canonicalization.SIMPLE, wire));
        assertEquals(sha256(text(relaxed)), hash(Canonicalization.RELAXED, wire));
    }

    @Test
    void looksAtNothingBehindTheEnd() {
        assertEquals(
                hash(Canonicalization.RELAXED, "a\r\n" + END), hash(Canonicalization.RELAXED, "a\r\n" + END + "b\r\n"));
    }

    @Test
    void hashesTheSameInAnyPieces() {
        Random random = new Random(7);
        String letters = "ab. \t\r\n";
        for (int i = 0; i < 300; i++) {
            StringBuilder body = new StringBuilder();
            for (int j = random.nextInt(200); j > 0; j--) {
                char c = letters.charAt(random.nextInt(letters.length()));
                boolean isDot = c == '.' && (body.length() == 0 || body.charAt(body.length() - 1) == '\n');
                body.append(isDot ? ".." : c == '\n' ? "\r\n" : String.valueOf(c));
            }
            String wire = body + "\r\n" + END;
            for (Canonicalization form : Canonicalization.values()) {
                BodyHash pieces = new BodyHash(form);
                for (int at = 0; at < wire.length(); ) {
                    int to = Math.min(wire.length(), at + 1 + random.nextInt(9));
                    pieces.add(bytes(wire.substring(at, to)));
                    at = to;
                }
                assertEquals(hash(form, wire), Base64.getEncoder().encodeToString(pieces.end()), wire);
            }
        }
    }

    @Test
    void readsLongTextsAsTheRulesSayInWords() throws NoSuchAlgorithmException {
        Random random = new Random(11);
        String[] words = {
            "word",
            "x".repeat(300),
            " ",
            "  ",
            "\t",
            " \t ",
            ".",
            "..",
            "\u00e9\u00ff",
            "\0",
            "\r\n",
            "\r\n",
            "\r\n\r\n"
        };
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(500); j > 0; j--) {
                text.append(words[random.nextInt(words.length)]);
            }
            String body = text + "\r\n";
            String wire = body.replaceAll("(?m)^\\.", "..") + END;
            assertEquals(sha256(withoutBlankEnd(body, "\r\n")), hash(Canonicalization.SIMPLE, wire), wire);
            String relaxed = body.replaceAll("[ \t]+", " ").replace(" \r\n", "\r\n");
            assertEquals(sha256(withoutBlankEnd(relaxed, "")), hash(Canonicalization.RELAXED, wire), wire);
        }
    }

    /** {@code empty}: what an empty body comes to. */
    private static String withoutBlankEnd(String body, String empty) {
        String kept = body.replaceAll("(\r\n)+$", "");
        return kept.isEmpty() ? empty : kept + "\r\n";
    }

    @Test
    void countsManyBlankLinesOnlyWhenSomethingFollows() throws NoSuchAlgorithmException {
        String many = "\r\n".repeat(10_000);
        assertEquals(sha256("a\r\n"), hash(Canonicalization.SIMPLE, "a\r\n" + many + END));
        assertEquals(sha256("a\r\n" + many + "b\r\n"), hash(Canonicalization.RELAXED, "a\r\n" + many + "b\r\n" + END));
    }
}
