// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.engine.config.syntax.MainCf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ParametersTest {
    /** Where we leave Postfix's way, and why it is not an oversight. */
    private static final Map<String, String> OURS = Map.ofEntries(
            // Not in Postfix.
            Map.entry("tls_mta_sts_enable", "no"),
            Map.entry("tls_mta_sts_timeout", "10s"),
            Map.entry("tls_mta_sts_cache_file", "mta_sts_cache"),
            Map.entry("tlsrpt_contact", "postmaster@$mydomain"),
            Map.entry("tlsrpt_organization_name", "$mydomain"),
            Map.entry("tlsrpt_data_file", "$data_directory/tlsrpt"),
            Map.entry("tlsrpt_domain_limit", "10000"),
            Map.entry("tlsrpt_report_delay", "4h"),
            Map.entry("tlsrpt_post_timeout", "60s"),
            // Since 3.10.
            Map.entry("smtp_tlsrpt_enable", "no"),
            Map.entry("smtp_tls_enforce_sts_mx_patterns", "yes"),
            Map.entry("lmtp_tls_enforce_sts_mx_patterns", "yes"),
            Map.entry("smtp_tlsrpt_skip_reused_handshakes", "yes"),
            Map.entry("tls_required_enable", "yes"),
            // Since 3.11, where REQUIRETLS is on.
            Map.entry("requiretls_enable", "no"),
            Map.entry("requiretls_esmtp_header", "yes"),
            Map.entry("requiretls_redact_dsn", "yes"),
            Map.entry(
                    "smtp_requiretls_policy",
                    "inline:{{${domain_to_ascii{$mydomain}}=opportunistic},"
                            + " {.${domain_to_ascii{$mydomain}}=opportunistic}, {localhost=opportunistic}},"
                            + " cidr:{{0.0.0.0/0 opportunistic}, {::/0 opportunistic}}, enforce"),
            Map.entry("lmtp_requiretls_policy", "opportunistic"),
            // Another product.
            Map.entry("mail_name", "Stafette"),
            Map.entry("mail_version", "0.1.0"),
            Map.entry("mail_owner", "stafette"),
            Map.entry("queue_directory", "/var/spool/stafette"),
            // NIS, which is in Debian's default, is a server's.
            Map.entry("alias_maps", "hash:/etc/aliases"),
            // Newer than the release that was asked.
            Map.entry("smtpd_forbid_bare_newline", "normalize"),
            Map.entry("smtpd_forbid_unauth_pipelining", "yes"),
            // Ours.
            Map.entry("deputy_socket", ""),
            // Cheaper here: no cache process.
            Map.entry("smtp_connection_cache_time_limit", "5s"),
            Map.entry("lmtp_connection_cache_time_limit", "5s"),
            // In Postfix since 3.9 and 3.11.
            Map.entry("relocated_prefix_enable", "yes"),
            Map.entry("postscreen_starttls_timeout", "$smtpd_starttls_timeout"),
            Map.entry("maillog_file_permissions", "0600"),
            // Since 3.8.
            Map.entry("smtp_sasl_password_result_delimiter", ":"),
            Map.entry("lmtp_sasl_password_result_delimiter", ":"),
            Map.entry("smtpd_client_ipv4_prefix_length", "32"),
            Map.entry("smtpd_client_ipv6_prefix_length", "84"),
            // Not in Postfix.
            Map.entry("smtp_pipeline_next_message", "yes"),
            Map.entry("lmtp_pipeline_next_message", "yes"),
            Map.entry("smtp_dns_support_level", ""),
            Map.entry("default_session_limit", "20000"),
            Map.entry("stress_hold_time", "1000s"),
            Map.entry("popauth_file", "/var/lib/stafette/popauth/clients"),
            Map.entry("data_directory", "/var/lib/stafette"),
            Map.entry("popauth_time_to_live", "30m"),
            Map.entry("popauth_entry_limit", "100000"),
            Map.entry("address_verify_entry_limit", "100000"),
            Map.entry("dns_servers", ""),
            Map.entry("dns_timeout", "5s"),
            Map.entry("dns_cache_limit", "10000"),
            Map.entry("backoff_jitter_percent", "15"),
            Map.entry("dead_destination_probe", "yes"),
            Map.entry("default_site_concurrency_limit", "0"),
            Map.entry("queue_recipient_limit", "10000000"),
            Map.entry("event_log", ""),
            Map.entry("event_log_size_limit", "0"),
            Map.entry("event_log_time_limit", "0s"),
            Map.entry("event_log_time_to_live", "0s"),
            Map.entry("reply_class_rules", ""),
            Map.entry("feedback_addresses", ""),
            Map.entry("feedback_forward_address", ""),
            Map.entry("return_address_key_file", ""),
            Map.entry("return_address_senders", ""),
            Map.entry("return_address_local_part_limit", "128"),
            Map.entry("return_address_time_to_live", "90d"),
            Map.entry("tenant_header_field", ""),
            Map.entry("campaign_header_field", ""),
            Map.entry("dkim_key_table", ""),
            Map.entry("dkim_signing_table", ""),
            Map.entry("dkim_signing_clients", "permit_mynetworks, permit_sasl_authenticated"),
            Map.entry("smtpd_authentication_methods", ""),
            Map.entry("smtpd_authentication_exempt_clients", "permit_mynetworks, permit_sasl_authenticated"),
            Map.entry("smtpd_authentication_time_limit", "20s"),
            Map.entry("authentication_results_id", "$myhostname"),
            Map.entry("dkim_signature_count_limit", "10"),
            Map.entry("dkim_minimum_key_bits", "1024"),
            Map.entry("dkim_accept_partial_body", "no"),
            Map.entry("arc_sealing_key", ""),
            Map.entry("dmarc_failure_action", "none"),
            Map.entry("dmarc_public_suffix_file", "/usr/share/publicsuffix/public_suffix_list.dat"),
            Map.entry("dkim_canonicalization", "relaxed/relaxed"),
            Map.entry(
                    "dkim_signed_header_fields",
                    "From, Reply-To, Subject, Date, To, Cc, Message-ID, In-Reply-To, References, MIME-Version,"
                            + " Content-Type, Content-Transfer-Encoding, Resent-Date, Resent-From, Resent-To, Resent-Cc,"
                            + " List-Id, List-Help, List-Unsubscribe, List-Unsubscribe-Post, List-Subscribe, List-Post,"
                            + " List-Owner, List-Archive"),
            Map.entry("dkim_oversigned_header_fields", "From"),
            Map.entry("dkim_signature_time_to_live", "0s"),
            Map.entry("journal_reserve_size", "2m"));

    @Test
    void hasPostfixDefaults() throws IOException {
        Map<String, String> expected = new TreeMap<>(OURS);
        MainCf postfix = MainCf.parse("postconf-d.txt", resource("postconf-d.txt"));
        for (MainCf.Entry entry : postfix.entries()) {
            expected.putIfAbsent(entry.name(), entry.value());
        }
        // Postfix had them by another name before 3.12.
        for (String name : List.copyOf(expected.keySet())) {
            if (name.startsWith("tlsproxy_tls_")) {
                expected.putIfAbsent(name.replace("tlsproxy", "postscreen"), '$' + name);
            }
        }
        Map<String, String> actual = new TreeMap<>();
        for (Parameter parameter : Parameters.table().all()) {
            String text = parameter.defaultText();
            if (text != null && !parameter.isPerTransport()) {
                actual.put(parameter.name(), text);
            }
        }
        assertEquals(expected.toString().replace(", ", "\n"), actual.toString().replace(", ", "\n"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ParametersTest.class.getResourceAsStream(name)) {
            return new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void findsTheParametersOfEveryTransport() {
        Set<String> transports = Set.of("smtp", "my-relay", "local");
        Parameters table = Parameters.table();
        assertNotNull(table.find("my-relay_destination_concurrency_limit", transports));
        assertNull(table.find("other_destination_concurrency_limit", transports));
        assertNull(table.find("_destination_concurrency_limit", transports));
        Parameter local = table.find("local_destination_concurrency_limit", transports);
        assertEquals("2", local == null ? "" : local.defaultText());
    }

    @Test
    void tellsWhatIsMissingFromWhatHasNoMeaningAndWhatIsUnknown() {
        assertEquals(ParameterUse.IN_USE, ParameterUse.of("relayhost", Set.of()));
        assertEquals(ParameterUse.NOT_BUILT, ParameterUse.of("qmqpd_timeout", Set.of()));
        assertEquals(ParameterUse.NOT_BUILT, ParameterUse.of("qmqpd_error_delay", Set.of()));
        assertEquals(ParameterUse.IN_USE, ParameterUse.of("maildrop_time_limit", Set.of("maildrop")));
        assertEquals(ParameterUse.NO_MEANING, ParameterUse.of("html_directory", Set.of()));
        assertEquals(ParameterUse.NO_MEANING, ParameterUse.of("queue_run_delay", Set.of()));
        assertEquals(ParameterUse.NO_MEANING, ParameterUse.of("slow_recipient_limit", Set.of("slow")));
        assertEquals(ParameterUse.UNKNOWN, ParameterUse.of("slow_recipient_limit", Set.of()));
        assertEquals(ParameterUse.UNKNOWN, ParameterUse.of("no_such_thing", Set.of()));
    }
}
