// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.address.DomainName;
import dev.stafette.codec.message.HeaderFields;
import org.jspecify.annotations.Nullable;

/**
 * What one host on the way has said of a message, and sealed: three fields of one number (RFC 8617 §4.1, §4.2).
 * Thread: any (a value).
 *
 * @param instance {@code i=}
 * @param message its ARC-Message-Signature
 * @param validation {@code cv=} of its ARC-Seal
 * @param algorithm {@code a=} of the seal; null: none that is taken
 * @param seal {@code b=}
 * @param whole the three fields in their canonical form, for the seals that follow
 * @param unsealed the same, without the seal itself, for this one
 * @param mistake why it does not hold, whatever the keys say; empty: nothing
 */
public record ArcSet(
        int instance,
        ReceivedSignature message,
        String validation,
        @Nullable SignatureAlgorithm algorithm,
        String domain,
        String selector,
        byte[] seal,
        byte[] whole,
        byte[] unsealed,
        String mistake) {
    /** {@code results}, {@code signature}, {@code sealed}: the indexes of its fields. */
    static ArcSet of(HeaderFields header, int instance, int results, int signature, int sealed) {
        TagList messageTags = TagList.parse(header.value(signature));
        TagList tags = TagList.parse(header.value(sealed));
        if (messageTags == null || tags == null) {
            throw new IllegalStateException("a list of tags was one before");
        }
        ReceivedSignature message = ReceivedSignature.ofSet(messageTags, header, signature);
        byte[] seal = tags.base64("b");
        SignatureAlgorithm algorithm = algorithm(tags.word("a", ""));
        String domain = tags.word("d", "");
        String selector = tags.word("s", "");
        CanonicalHeader all = new CanonicalHeader(Canonicalization.RELAXED);
        all.addField(header, results);
        all.addField(header, signature);
        all.addField(header, sealed);
        CanonicalHeader unsealed = new CanonicalHeader(Canonicalization.RELAXED);
        unsealed.addField(header, results);
        unsealed.addField(header, signature);
        unsealed.addSigned(header, sealed);
        String mistake = message.mistake();
        if (algorithm == null || seal == null) {
            mistake = "a= or b= of the seal";
        } else if (tags.get("h") != null) {
            // RFC 8617 §4.1.3.
            mistake = "the seal has h=";
        } else if (message.count("ARC-Seal") > 0) {
            // RFC 8617 §4.1.2.
            mistake = "the message signature covers seals";
        } else if (!DomainName.isHostName(domain)
                || !DomainName.isHostName(ReceivedSignature.keyName(selector, domain))) {
            mistake = "d= or s= of the seal is no name";
        } else if (tags.number("t") == -2) {
            mistake = "t= of the seal";
        }
        return new ArcSet(
                instance,
                message,
                tags.word("cv", ""),
                algorithm,
                domain,
                selector,
                seal == null ? new byte[0] : seal,
                all.bytes(),
                unsealed.bytes(),
                mistake);
    }

    private static @Nullable SignatureAlgorithm algorithm(String word) {
        // RFC 8617 §4.1.3 has it as DKIM does.
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (algorithm.word().equals(word)) {
                return algorithm;
            }
        }
        return null;
    }

    /** Where the key of the seal is. */
    public String keyName() {
        return ReceivedSignature.keyName(selector, domain);
    }
}
