// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is logged of TLS sessions ({@code *_tls_loglevel}): by a number, or by words for single things.
 * Thread: any (a value).
 */
public record TlsLogLevel(Set<Part> parts) {
    public enum Part {
        /** What a handshake has come to. */
        SUMMARY,
        /** Why a certificate is not trusted, also where nobody demands that it be. */
        UNTRUSTED,
        /** Of whom the certificate is. */
        PEERCERT,
        /** By what it is known. */
        CERTMATCH,
        VERBOSE,
        /** Sessions that go on. */
        CACHE,
        DEBUG
    }

    private static final Set<Part> ROUTINE = EnumSet.of(Part.SUMMARY);

    /** All that is worth a line with other libraries than OpenSSL. */
    private static final Set<Part> ALL = EnumSet.of(Part.SUMMARY, Part.VERBOSE, Part.CACHE, Part.DEBUG);

    private static final Set<Part> NOTHING = EnumSet.noneOf(Part.class);

    /** As Postfix has them. */
    private static final Map<String, Set<Part>> WORDS = Map.ofEntries(
            Map.entry("0", NOTHING),
            Map.entry("none", NOTHING),
            Map.entry("1", ROUTINE),
            Map.entry("routine", ROUTINE),
            Map.entry("debug", ALL),
            Map.entry("ssl-expert", ALL),
            Map.entry("ssl-developer", ALL),
            Map.entry("summary", ROUTINE),
            Map.entry("untrusted", EnumSet.of(Part.UNTRUSTED)),
            Map.entry("peercert", EnumSet.of(Part.PEERCERT)),
            Map.entry("certmatch", EnumSet.of(Part.CERTMATCH)),
            Map.entry("verbose", EnumSet.of(Part.VERBOSE)),
            Map.entry("cache", EnumSet.of(Part.CACHE)),
            Map.entry("ssl-debug", EnumSet.of(Part.DEBUG)),
            // There are no dumps of packets.
            Map.entry("ssl-handshake-packet-dump", NOTHING),
            Map.entry("ssl-session-packet-dump", NOTHING));

    public static final TlsLogLevel NONE = new TlsLogLevel(NOTHING);

    /** Level 1. */
    public static final TlsLogLevel SUMMARY = new TlsLogLevel(ROUTINE);

    public TlsLogLevel {
        parts = Set.copyOf(parts);
    }

    /** The first of the words that is none; null: all are. */
    public static @Nullable String unknownWord(List<String> words) {
        return words.stream().filter(word -> of(word) == null).findFirst().orElse(null);
    }

    /** Of all words that are some. */
    public static TlsLogLevel of(List<String> words) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String word : words) {
            Set<Part> more = of(word);
            if (more != null) {
                parts.addAll(more);
            }
        }
        return new TlsLogLevel(parts);
    }

    private static @Nullable Set<Part> of(String word) {
        return word.matches("[2-9]") ? ALL : WORDS.get(word.toLowerCase(Locale.ROOT));
    }

    /** One of them. */
    public boolean has(Part first, Part... others) {
        if (parts.contains(first)) {
            return true;
        }
        for (Part other : others) {
            if (parts.contains(other)) {
                return true;
            }
        }
        return false;
    }
}
