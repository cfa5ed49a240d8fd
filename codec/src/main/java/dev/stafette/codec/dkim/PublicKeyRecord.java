// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key as a domain publishes it (RFC 6376 §3.6.1, RFC 8463 §4).
 * Thread: any (a value).
 *
 * @param algorithm {@code k=}, with the only hash there is; null where there is a mistake
 * @param key {@code p=}
 * @param isTesting {@code t=y}
 * @param isStrict {@code t=s}: {@code i=} must be of the very domain
 * @param mistake why it is of no use; empty: it is
 */
public record PublicKeyRecord(
        @Nullable SignatureAlgorithm algorithm, byte[] key, boolean isTesting, boolean isStrict, String mistake) {
    /** Of the records at a name the first that is a key; else why not. */
    public static PublicKeyRecord of(List<String> texts) {
        PublicKeyRecord first = wrong("no key");
        for (int i = 0; i < texts.size(); i++) {
            PublicKeyRecord read = parse(texts.get(i));
            if (read.mistake.isEmpty()) {
                return read;
            }
            first = i == 0 ? read : first;
        }
        return first;
    }

    public static PublicKeyRecord parse(String text) {
        TagList tags = TagList.parse(text);
        if (tags == null) {
            return wrong("the key is not a list of tags");
        }
        String version = tags.get("v");
        if (version != null && (!version.equals("DKIM1") || !tags.first().equals("v"))) {
            return wrong("the key's v=" + version);
        }
        if ("".equals(tags.get("p"))) {
            return wrong("the key is revoked");
        }
        SignatureAlgorithm algorithm = switch (tags.word("k", "rsa")) {
            case "rsa" -> SignatureAlgorithm.RSA_SHA256;
            case "ed25519" -> SignatureAlgorithm.ED25519_SHA256;
            default -> null;
        };
        byte[] key = tags.base64("p");
        if (algorithm == null || key == null) {
            return wrong(algorithm == null ? "the key's k=" + tags.get("k") : "the key is not in base64");
        }
        if (!words(tags, "h", "sha256").contains("sha256")) {
            return wrong("the key is not for sha256");
        }
        List<String> services = words(tags, "s", "*");
        if (!services.contains("*") && !services.contains("email")) {
            return wrong("the key is not for mail");
        }
        List<String> flags = words(tags, "t", "");
        return new PublicKeyRecord(algorithm, key, flags.contains("y"), flags.contains("s"), "");
    }

    private static List<String> words(TagList tags, String name, String otherwise) {
        return Arrays.asList(tags.word(name, otherwise).toLowerCase(Locale.ROOT).split(":"));
    }

    private static PublicKeyRecord wrong(String mistake) {
        return new PublicKeyRecord(null, new byte[0], false, false, mistake);
    }
}
