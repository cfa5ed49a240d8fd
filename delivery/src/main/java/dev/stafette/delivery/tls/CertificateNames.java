// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whose a server's certificate is (RFC 6125 §6, as Postfix has it): by its DNS names, or where there are none by its
 * common name.
 * Thread: any (pure).
 */
final class CertificateNames {
    /** RFC 5280 §4.2.1.6. */
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    /**
     * The name of the certificate that is one of those; null: none is. {@code wanted}: domains, or {@code .domain} for those below it. {@code starSpansLabels}: in a certificate a star stands for
     * more labels than one, too ({@code tls_wildcard_matches_multiple_labels}).
     */
    static @Nullable String match(X509Certificate certificate, List<String> wanted, boolean starSpansLabels) {
        return names(certificate).stream()
                .filter(name -> wanted.stream().anyMatch(one -> matches(name, one, starSpansLabels)))
                .findFirst()
                .orElse(null);
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0).equals(DNS_NAME)) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        if (names.isEmpty()) {
            names.add(Handshake.name(certificate.getSubjectX500Principal(), List.of("CN")));
        }
        return names;
    }

    /** A star stands in front of all other labels alone. */
    static boolean matches(String certified, String wanted, boolean starSpansLabels) {
        String name = certified.toLowerCase(Locale.ROOT);
        String domain = wanted.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("*") || domain.isEmpty()) {
            return false;
        }
        if (domain.charAt(0) == '.') {
            String below = name.startsWith("*.") ? name.substring(1) : name;
            return below.length() >= domain.length()
                    && below.endsWith(domain)
                    && (below.length() > domain.length() || name.startsWith("*."));
        }
        if (name.startsWith("*.")) {
            int stood = domain.length() - (name.length() - 1);
            return stood > 0 && domain.endsWith(name.substring(1)) && (starSpansLabels || domain.indexOf('.') == stood);
        }
        return name.equals(domain);
    }
}
