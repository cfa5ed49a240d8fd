// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that speak LMTP go by the lmtp_ name of each parameter of the client's TLS and logins, and by no smtp_ name. */
class LmtpTwinsTest {
    /** What only SMTP has, in Postfix, too. */
    private static final List<String> WITHOUT =
            List.of("smtp_tls_dane_insecure_mx_policy", "smtp_tlsrpt_enable", "smtp_tlsrpt_skip_reused_handshakes");

    private static List<String> names() {
        return Parameters.table().all().stream()
                .map(Parameter::name)
                .filter(name -> name.matches("smtp_(tls|sasl|use_tls|enforce_tls|starttls|requiretls).*"))
                .filter(name -> !WITHOUT.contains(name))
                .toList();
    }

    private static String text(String name, String mainCf) {
        Configuration configuration = new FakeHost("mx.b.test").configuration(mainCf, "lmtp unix - - n - - lmtp\n");
        return configuration
                .settings()
                .forService(configuration.services().get(0))
                .anyText(name);
    }

    /** Of the kind that the parameter has. */
    private static String another(String name) {
        String usual = text(name, "");
        if (usual.equals("yes") || usual.equals("no")) {
            return usual.equals("yes") ? "no" : "yes";
        }
        return usual.matches("\\d+[a-z]?") ? "77" + usual.replaceAll("\\d", "") : "one";
    }

    @Test
    void countForRowsOfLmtp() {
        List<String> names = names();
        assertTrue(names.size() > 50, names.toString());
        for (String name : names) {
            String twin = "lmtp_" + name.substring("smtp_".length());
            String other = another(name);
            assertEquals(other, text(name, twin + " = " + other), twin);
            assertEquals(text(name, ""), text(name, name + " = " + other), name);
        }
    }
}
