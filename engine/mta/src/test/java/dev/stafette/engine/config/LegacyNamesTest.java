// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a file that was written for an earlier release. */
class LegacyNamesTest {
    @Test
    void givesTheValueOfEachRenamedParameterToItsSuccessor() {
        for (Map.Entry<String, String> entry : LegacyNames.table().renamed().entrySet()) {
            Parameter ours = Parameters.table().find(entry.getValue(), Set.of());
            PostfixNames.Entry theirs = PostfixNames.known().find(entry.getValue());
            String text = ours != null ? ours.defaultText() : theirs != null ? theirs.defaultText() : null;
            assertNotNull(text, entry.getValue());
            assertTrue(
                    text.contains("$" + entry.getKey()) || text.contains("${" + entry.getKey()),
                    entry.getValue() + " = " + text);
        }
    }

    @Test
    void namesTheSuccessorOfAParameter() {
        assertEquals(
                List.of("/etc/stafette/main.cf:1: parameter 'smtpd_client_connection_limit_exceptions' is called"
                        + " 'smtpd_client_event_limit_exceptions' today"),
                FakeHost.check("smtpd_client_connection_limit_exceptions = 192.0.2.1", ""));
        assertEquals(
                List.of("/etc/stafette/main.cf:1: parameter 'smtpd_tls_cipherlist' is not used any more"
                        + " (today: smtpd_tls_mandatory_ciphers)"),
                FakeHost.check("smtpd_tls_cipherlist = HIGH", ""));
    }

    @Test
    void isSilentWhereTheSuccessorHasNoMeaningOrNothingIsAskedFor() {
        assertEquals(List.of(), FakeHost.check("program_directory = /usr/libexec/postfix\nsmtpd_use_tls = no", ""));
    }

    @Test
    void namesTheSuccessorOfARestriction() {
        String main = "smtpd_relay_restrictions = permit_mynetworks, check_relay_domains, permit_naked_ip_address";
        assertEquals(
                List.of(
                        "/etc/stafette/main.cf:1: parameter 'smtpd_relay_restrictions': check_relay_domains is one of"
                                + " earlier releases (today: reject_unauth_destination)",
                        "/etc/stafette/main.cf:1: parameter 'smtpd_relay_restrictions': permit_naked_ip_address is one"
                                + " of earlier releases (today: permit_mynetworks or permit_sasl_authenticated)"),
                FakeHost.check(main, ""));
    }

    @Test
    void readsAListOfTheYear2000InTheWordsOfToday() {
        assertEquals(
                List.of(
                        "permit_mynetworks",
                        "permit_naked_ip_address",
                        "reject_rbl_client",
                        "one.example",
                        "reject_rbl_client",
                        "two.example",
                        "check_relay_domains"),
                LegacyNames.table()
                        .modernised(
                                List.of(
                                        "permit_mynetworks",
                                        "permit_naked_ip_address",
                                        "reject_maps_rbl",
                                        "check_relay_domains"),
                                List.of("one.example", "two.example")));
    }

    @Test
    void findsTheDefaultsThatOnlyPostfixHas() {
        assertEquals(
                "/usr/share/doc/postfix/html/x",
                FakeHost.settings("smtp_helo_name = $html_directory/x", "").text("smtp_helo_name"));
    }
}
