// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.Map;

/**
 * The client's parameters, which have one name for SMTP and another for LMTP, as in Postfix.
 * Thread: any.
 */
final class LmtpNames {
    /** The command of rows of master.cf whose client speaks LMTP. */
    static final String COMMAND = "lmtp";

    private static final String SMTP = "smtp_";
    private static final String LMTP = "lmtp_";

    /** Those that differ in more than the prefix: LMTP has LHLO in the place of EHLO. */
    private static final Map<String, String> OTHERS = Map.of(
            "smtp_helo_name", "lmtp_lhlo_name",
            "smtp_helo_timeout", "lmtp_lhlo_timeout",
            "smtp_discard_ehlo_keywords", "lmtp_discard_lhlo_keywords",
            "smtp_discard_ehlo_keyword_address_maps", "lmtp_discard_lhlo_keyword_address_maps",
            // LMTP asks for no MX records: it has no such name in Postfix.
            "smtp_tls_dane_insecure_mx_policy", "smtp_tls_dane_insecure_mx_policy");

    private LmtpNames() {}

    /** The twin of a name of SMTP's; any other name itself. */
    static String of(String name) {
        return name.startsWith(SMTP) ? OTHERS.getOrDefault(name, LMTP + name.substring(SMTP.length())) : name;
    }
}
