// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.address.DomainName;
import dev.stafette.codec.message.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signature that came with a message (RFC 6376 §3.5), or with a seal (RFC 8617 §4.1.2).
 * Thread: any (a value).
 *
 * @param algorithm {@code a=}; null: none that is taken
 * @param algorithmWord {@code a=} as it came
 * @param domain {@code d=}, in lower case
 * @param selector {@code s=}
 * @param identity {@code i=}; empty: not said
 * @param signedFields {@code h=}
 * @param coveredBytes {@code l=}; -1: all of the body
 * @param signedS {@code t=}; -1: not said
 * @param expiresS {@code x=}; -1: never
 * @param text {@code b=}, as it came, for people
 * @param signedBytes what the signature is about, but for the body; empty where there is a mistake
 * @param mistake why it cannot be verified; empty: it can
 */
public record ReceivedSignature(
        @Nullable SignatureAlgorithm algorithm,
        String algorithmWord,
        Canonicalization header,
        Canonicalization body,
        String domain,
        String selector,
        String identity,
        List<String> signedFields,
        byte[] bodyHash,
        long coveredBytes,
        long signedS,
        long expiresS,
        byte[] signature,
        String text,
        byte[] signedBytes,
        String mistake) {
    private static final byte[] NOTHING = {};

    /** Of the names in {@code h=}: more are no signature but an attack. */
    private static final int NAMES_MAX = 1000;

    /** The field at that index is a {@code DKIM-Signature}. */
    public static ReceivedSignature of(HeaderFields header, int index) {
        TagList tags = TagList.parse(header.value(index));
        if (tags == null) {
            return wrong("not a list of tags");
        }
        if (!"1".equals(tags.get("v"))) {
            return wrong("v=1 is missing");
        }
        return of(tags, header, index, true);
    }

    /** The field at that index is an {@code ARC-Message-Signature}, whose {@code i=} is a number. */
    static ReceivedSignature ofSet(TagList tags, HeaderFields header, int index) {
        return of(tags, header, index, false);
    }

    private static ReceivedSignature of(TagList tags, HeaderFields header, int index, boolean hasIdentity) {
        // RFC 6376 §3.5; of seals the public test suite wants the other one.
        String[] forms = tags.word("c", hasIdentity ? "simple/simple" : "relaxed/relaxed")
                .split("/", 2);
        Canonicalization headerForm = form(forms[0]);
        Canonicalization bodyForm = form(forms.length > 1 ? forms[1] : "simple");
        List<String> names = names(tags.get("h", ""));
        byte[] bodyHash = tags.base64("bh");
        byte[] signature = tags.base64("b");
        String mistake = mistake(tags, names, hasIdentity);
        if (headerForm == null || bodyForm == null) {
            mistake = "c=" + tags.get("c");
        } else if (bodyHash == null || signature == null) {
            mistake = "not in base64";
        }
        boolean isWrong = !mistake.isEmpty();
        Canonicalization headerUsed = headerForm == null ? Canonicalization.SIMPLE : headerForm;
        return new ReceivedSignature(
                algorithm(tags.word("a", "")),
                tags.word("a", ""),
                headerUsed,
                bodyForm == null ? Canonicalization.SIMPLE : bodyForm,
                tags.word("d", ""),
                tags.word("s", ""),
                hasIdentity ? tags.get("i", "") : "",
                names,
                bodyHash == null ? NOTHING : bodyHash,
                tags.number("l"),
                tags.number("t"),
                tags.number("x"),
                signature == null ? NOTHING : signature,
                tags.get("b", "").replaceAll("\\s", ""),
                isWrong ? NOTHING : signedBytes(header, index, headerUsed, names),
                mistake);
    }

    private static ReceivedSignature wrong(String mistake) {
        return new ReceivedSignature(
                null,
                "",
                Canonicalization.SIMPLE,
                Canonicalization.SIMPLE,
                "",
                "",
                "",
                List.of(),
                NOTHING,
                -1,
                -1,
                -1,
                NOTHING,
                "",
                NOTHING,
                mistake);
    }

    private static String mistake(TagList tags, List<String> names, boolean hasIdentity) {
        for (String needed : List.of("a", "b", "bh", "d", "h", "s")) {
            if (tags.get(needed) == null) {
                return needed + "= is missing";
            }
        }
        if (algorithm(tags.word("a", "")) == null) {
            // RFC 8301 §3.1: rsa-sha1 among them.
            return "a=" + tags.get("a");
        }
        String domain = tags.word("d", "");
        if (!DomainName.isHostName(domain) || !DomainName.isHostName(keyName(tags.word("s", ""), domain))) {
            return "d= or s= is no name";
        }
        if (names.size() > NAMES_MAX) {
            return "more than " + NAMES_MAX + " names in h=";
        }
        if (hasIdentity && !isWithin(tags.word("i", "@" + domain), domain)) {
            return "i= is not of d=";
        }
        // A message signature of ARC need not cover From, but one of DKIM must.
        if (hasIdentity && names.stream().noneMatch("From"::equalsIgnoreCase)) {
            return "From is not in h=";
        }
        if (!(":" + tags.word("q", "dns/txt").replaceAll("\\s", "") + ":").contains(":dns/txt:")) {
            return "q=" + tags.get("q");
        }
        long expires = tags.number("x");
        if (tags.number("l") == -2 || tags.number("t") == -2 || expires == -2) {
            return "not a number";
        }
        return expires >= 0 && expires < tags.number("t") ? "x= before t=" : "";
    }

    private static boolean isWithin(String identity, String domain) {
        String of = identity.substring(identity.lastIndexOf('@') + 1);
        return identity.indexOf('@') >= 0 && (of.equals(domain) || of.endsWith("." + domain));
    }

    private static @Nullable SignatureAlgorithm algorithm(String word) {
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (algorithm.word().equals(word)) {
                return algorithm;
            }
        }
        return null;
    }

    private static @Nullable Canonicalization form(String word) {
        return switch (word) {
            case "simple" -> Canonicalization.SIMPLE;
            case "relaxed" -> Canonicalization.RELAXED;
            default -> null;
        };
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split(":", NAMES_MAX + 2)) {
            names.add(name.strip());
        }
        return names;
    }

    private static byte[] signedBytes(HeaderFields header, int index, Canonicalization form, List<String> names) {
        CanonicalHeader canonical = new CanonicalHeader(form);
        canonical.addAll(header, names, new FieldsFromBelow(header, index));
        canonical.addSigned(header, index);
        return canonical.bytes();
    }

    /** Where its key is. */
    public String keyName() {
        return keyName(selector, domain);
    }

    /** A selector may be a number. */
    static String keyName(String selector, String domain) {
        return selector + "._domainkey." + domain;
    }

    public boolean coversAll() {
        return coveredBytes < 0;
    }

    /** Of the field. */
    public int count(String name) {
        int count = 0;
        for (String signed : signedFields) {
            count += signed.equalsIgnoreCase(name) ? 1 : 0;
        }
        return count;
    }
}
