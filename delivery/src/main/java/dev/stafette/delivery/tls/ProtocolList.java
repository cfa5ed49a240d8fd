// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A list of TLS versions as Postfix writes it: {@code >=TLSv1.2}, {@code !SSLv2, !SSLv3}, {@code TLSv1.2:TLSv1.3}.
 * Thread: any (pure).
 */
public final class ProtocolList {
    private static final Map<String, Integer> NUMBERS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    static {
        NUMBERS.put("SSLv2", 0x200);
        NUMBERS.put("SSLv3", 0x300);
        for (TlsVersion version : TlsVersion.values()) {
            NUMBERS.put(version.text(), version.number());
        }
    }

    private ProtocolList() {}

    /**
     * What is allowed, of what there is code for: it may be nothing. Null where the text is no such list.
     *
     * <p>As in Postfix, a bound and an exclusion take away, and to name a version is to leave out all that are not named.
     */
    public static @Nullable Set<TlsVersion> parse(String text) {
        int least = 0;
        int most = Integer.MAX_VALUE;
        Set<Integer> excluded = new HashSet<>();
        Set<Integer> included = new HashSet<>();
        for (String word : text.split("[\\s,:]+")) {
            if (word.isEmpty()) {
                continue;
            }
            boolean isBound = word.startsWith(">=") || word.startsWith("<=");
            Integer number =
                    isBound ? bound(word.substring(2)) : NUMBERS.get(word.startsWith("!") ? word.substring(1) : word);
            if (number == null) {
                return null;
            }
            switch (word.charAt(0)) {
                case '>' -> least = number;
                case '<' -> most = number == 0 ? Integer.MAX_VALUE : number;
                case '!' -> excluded.add(number);
                default -> included.add(number);
            }
        }
        Set<TlsVersion> allowed = EnumSet.noneOf(TlsVersion.class);
        for (TlsVersion version : TlsVersion.values()) {
            int number = version.number();
            boolean isNamed = included.isEmpty() || included.contains(number);
            if (isNamed && !excluded.contains(number) && number >= least && number <= most) {
                allowed.add(version);
            }
        }
        return allowed;
    }

    /** A name, or a number in hexadecimal, with {@code 0x} in front or without; nothing: no bound. */
    private static @Nullable Integer bound(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Integer named = NUMBERS.get(text);
        if (named != null) {
            return named;
        }
        String digits = text.toLowerCase(Locale.ROOT).startsWith("0x") ? text.substring(2) : text;
        try {
            return Integer.parseInt(digits, 16);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
