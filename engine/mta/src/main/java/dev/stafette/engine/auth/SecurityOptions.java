// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What mechanisms must be, and must not be ({@code smtpd_sasl_security_options} and its like).
 * Thread: any (a value).
 */
public record SecurityOptions(Set<SecurityProperty> forbidden, Set<SecurityProperty> required) {
    public static final String EXPECTED =
            "noanonymous, noplaintext, noactive, nodictionary, forward_secrecy, mutual_auth";

    /** Null where a word is none of {@link #EXPECTED}. */
    public static @Nullable SecurityOptions read(List<String> words) {
        Set<SecurityProperty> forbidden = EnumSet.noneOf(SecurityProperty.class);
        Set<SecurityProperty> required = EnumSet.noneOf(SecurityProperty.class);
        for (String word : words) {
            switch (word.toLowerCase(Locale.ROOT)) {
                case "noanonymous" -> forbidden.add(SecurityProperty.ANONYMOUS);
                case "noplaintext" -> forbidden.add(SecurityProperty.PLAINTEXT);
                case "noactive" -> forbidden.add(SecurityProperty.ACTIVE);
                case "nodictionary" -> forbidden.add(SecurityProperty.DICTIONARY);
                case "forward_secrecy" -> required.add(SecurityProperty.FORWARD_SECRECY);
                case "mutual_auth" -> required.add(SecurityProperty.MUTUAL_AUTH);
                default -> {
                    return null;
                }
            }
        }
        return new SecurityOptions(forbidden, required);
    }

    public boolean admits(AuthMechanism mechanism) {
        Set<SecurityProperty> properties = mechanism.properties();
        return properties.containsAll(required) && forbidden.stream().noneMatch(properties::contains);
    }
}
