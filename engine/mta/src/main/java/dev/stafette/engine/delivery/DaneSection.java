// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of TLSA records.
 * Thread: start-up and reload.
 */
final class DaneSection {
    /** The numbers of RFC 7218 §2.3. */
    private static final Map<String, Integer> DIGESTS = Map.of("sha256", 1, "sha512", 2);

    private DaneSection() {}

    /** Of no level yet. */
    static DaneTerms of(Settings settings) {
        return new DaneTerms(
                false,
                insecureMx(settings),
                digests(settings),
                settings.flag("smtp_tls_force_insecure_host_tlsa_lookup"));
    }

    /** Null: they can be had; else why not, as Postfix says it. */
    static @Nullable String whyUnavailable(Settings settings) {
        if (!settings.text("smtp_dns_support_level").equals("dnssec")
                || !settings.words("smtp_host_lookup").contains("dns")) {
            return "configured with dnssec lookups disabled";
        }
        return settings.flag("ignore_mx_lookup_error") ? "configured with MX lookup errors ignored" : null;
    }

    private static TlsLevel insecureMx(Settings settings) {
        return switch (settings.text("smtp_tls_dane_insecure_mx_policy").toLowerCase(Locale.ROOT)) {
            case "may" -> TlsLevel.MAY;
            case "encrypt" -> TlsLevel.ENCRYPT;
            case "dane" -> TlsLevel.DANE;
            default -> throw settings.bad("smtp_tls_dane_insecure_mx_policy", "may, encrypt or dane");
        };
    }

    private static List<Integer> digests(Settings settings) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : settings.words("tls_dane_digests")) {
            String[] parts = word.toLowerCase(Locale.ROOT).split("=", 2);
            Integer number = DIGESTS.get(parts[0]);
            if (number == null || parts.length == 2 && !parts[1].equals(number.toString())) {
                throw settings.bad("tls_dane_digests", "sha512 and sha256, or sha512=2 and sha256=1");
            }
            numbers.add(number);
        }
        return numbers;
    }
}
