// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.Canonicalization;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * A host that seals messages, with an error of one's choice in what it signs: its signatures hold all the same. It brings a
 * field into canonical form by itself, so that it proves something of ours.
 *
 * @param keys by selectors
 * @param change of a field's text before it is signed: what it is called, {@code ams2} for instance, and what it would be
 */
record ArcHop(Map<String, TestSigner> keys, BinaryOperator<String> change) {
    private static final String DATE = "t=1700000000";

    /** The message with the set of this number on top. */
    String seal(String message, int instance) {
        String results = change.apply(
                "aar" + instance,
                "ARC-Authentication-Results: i=" + instance + "; hop.test; spf=pass smtp.mailfrom=a.test");
        String unsigned = change.apply(
                "ams" + instance,
                "ARC-Message-Signature: i=" + instance + "; a=rsa-sha256; c=relaxed/relaxed; d=hop.test; s=r; " + DATE
                        + "; h=From:To:Subject; bh=HASH; b=");
        // Without c= both are relaxed, which the public suite wants of seals.
        boolean isSimple = unsigned.matches("(?s).*\\bc=([^;/]*|[^;]*/simple);.*");
        unsigned = unsigned.replace("HASH", bodyHash(message, isSimple));
        String signature = withSignature(unsigned, List.of(signedFields(message, unsigned)));
        String unsealed = change.apply(
                "as" + instance,
                "ARC-Seal: i=" + instance + "; a=rsa-sha256; cv=" + (instance == 1 ? "none" : "pass")
                        + "; d=hop.test; s=r; " + DATE + "; b=");
        List<String> covered = new ArrayList<>();
        for (int i = 1; i < instance; i++) {
            for (String name : List.of("ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal")) {
                for (String field : fields(message)) {
                    if (field.matches("(?is)" + name + "\\s*:.*\\bi\\s*=\\s*" + i + "\\b.*")) {
                        covered.add(relaxed(field) + "\r\n");
                    }
                }
            }
        }
        covered.add(relaxed(results) + "\r\n");
        covered.add(relaxed(signature) + "\r\n");
        covered.add(relaxed(unsealed));
        String seal = withSignature(unsealed, covered);
        return seal + "\r\n" + signature + "\r\n" + results + "\r\n" + message;
    }

    private static String bodyHash(String message, boolean isSimple) {
        BodyHash hash = new BodyHash(isSimple ? Canonicalization.SIMPLE : Canonicalization.RELAXED, Long.MAX_VALUE);
        hash.add(
                Unpooled.copiedBuffer(message.substring(message.indexOf("\r\n\r\n") + 4), StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(hash.end());
    }

    static List<String> fields(String message) {
        return List.of(message.substring(0, message.indexOf("\r\n\r\n")).split("\r\n(?![ \t])"));
    }

    private static String relaxed(String field) {
        int colon = field.indexOf(':');
        String value = field.substring(colon + 1).replace("\r\n", "").replaceAll("[ \t]+", " ");
        return field.substring(0, colon).strip().toLowerCase(Locale.ROOT) + ":" + value.strip();
    }

    /** What the message's signature is about: fields from the bottom up (RFC 6376 §5.4.2), and itself. */
    private static String signedFields(String message, String unsigned) {
        boolean isSimple = unsigned.matches("(?s).*\\bc=simple.*");
        List<String> rest = new ArrayList<>(fields(message));
        Collections.reverse(rest);
        StringBuilder signed = new StringBuilder();
        String names = unsigned.matches("(?s).*\\bh=.*") ? unsigned.replaceAll("(?s).*\\bh=([^;]*).*", "$1") : "";
        for (String name : names.split(":")) {
            for (String field : rest) {
                if (field.substring(0, field.indexOf(':')).strip().equalsIgnoreCase(name.strip())) {
                    rest.remove(field);
                    signed.append(isSimple ? field : relaxed(field)).append("\r\n");
                    break;
                }
            }
        }
        return signed.append(isSimple ? unsigned : relaxed(unsigned)).toString();
    }

    private String withSignature(String unsigned, List<String> covered) {
        String selector = unsigned.replaceAll("(?s).*\\bs=\\s*([^;\\s]*).*", "$1");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        covered.forEach(text -> bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1)));
        TestSigner signer = keys.getOrDefault(selector, keys.get("r"));
        return unsigned.replaceFirst("(\\bb=)(?=\\s*(;|$))", "$1" + signer.signature(bytes.toByteArray()));
    }
}
