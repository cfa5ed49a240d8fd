// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where a domain wants its reports (RFC 8460 §3).
 * Thread: any (a value).
 *
 * @param places {@code mailto:} and {@code https:}, as the record has them; empty: it wants none
 */
record ReportRequest(List<String> places) {
    /** Of each domain; more are not served. */
    static final int PLACES_MAX = 5;

    private static final String VERSION = "v=TLSRPTv1";

    ReportRequest {
        places = List.copyOf(places);
    }

    /** Of the TXT records of {@code _smtp._tls.DOMAIN}: of several of that version none holds. */
    static ReportRequest parse(List<String> records) {
        List<String> ours = records.stream().filter(ReportRequest::isOurs).toList();
        if (ours.size() != 1) {
            return new ReportRequest(List.of());
        }
        return new ReportRequest(Arrays.stream(ours.get(0).split(";"))
                .map(String::strip)
                .filter(field -> field.matches("rua\\s*=.*"))
                .limit(1)
                .flatMap(field ->
                        Arrays.stream(field.substring(field.indexOf('=') + 1).split(",")))
                .map(String::strip)
                .filter(ReportRequest::isKnown)
                .limit(PLACES_MAX)
                .toList());
    }

    private static boolean isOurs(String text) {
        return text.startsWith(VERSION) && text.substring(VERSION.length()).matches("\\s*;.*");
    }

    private static boolean isKnown(String place) {
        String lower = place.toLowerCase(Locale.ROOT);
        return lower.startsWith("mailto:") || lower.startsWith("https:");
    }
}
