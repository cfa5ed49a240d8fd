// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.ListTables;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String TRANSPORTS = """
        smtp unix - - n - - smtp
        relay unix - - n - - smtp
        587 inet n - n - - smtpd -o smtpd_banner=$myhostname-587 -o smtpd_timeout=7 -o own=1
        """;

    @ParameterizedTest
    @CsvSource({
        "mx.example.org, mx.example.org, example.org",
        "vm, vm.localdomain, localdomain",
    })
    void findsItsNamesAsPostfixDoes(String systemName, String hostname, String domain) {
        Settings settings = new FakeHost(systemName).configuration("", "").settings();
        assertEquals(hostname, settings.text("myhostname"));
        assertEquals(domain, settings.text("mydomain"));
        assertEquals(hostname, settings.text("myorigin"));
        DomainList ours = settings.domains("mydestination", ListTables.UNOPENED);
        assertTrue(ours.names(hostname) && ours.names("localhost." + domain) && ours.names("localhost"));
        assertFalse(ours.names("sub." + hostname));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        inet                    | pickup
        25/inet                 | 587 pickup
        !587/inet inet          | 587 pickup
        unix, 587/inet          | 25
        unix-dgram 26/inet      | 25 587 pickup
        """)
    void leavesOutDisabledServices(String disabled, String left) {
        String master = "25 inet n - n - - smtpd\n587 inet n - n - - smtpd\npickup unix n - n - - pickup\n";
        Configuration configuration = new FakeHost("vm").configuration("master_service_disable = " + disabled, master);
        List<String> names =
                configuration.services().stream().map(ServiceRow::name).toList();
        assertEquals(left, String.join(" ", names));
    }

    @Test
    void completesABareNameWithTheDomainThatIsSet() {
        Settings settings =
                new FakeHost("vm").configuration("mydomain = ex.org", "").settings();
        assertEquals("vm.ex.org", settings.text("myhostname"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        host   | all           | all  | 127.0.0.1/32 192.0.2.2/32 [::1]/128 [fd00::2]/128
        subnet | all           | all  | 127.0.0.0/8 192.0.2.0/24 [::1]/128 [fd00::]/64
        class  | all           | all  | 127.0.0.0/8 192.0.2.0/24 [::1]/128 [fd00::]/64
        host   | loopback-only | all  | 127.0.0.1/32 [::1]/128
        subnet | 192.0.2.2     | all  | 192.0.2.0/24
        host   | all           | ipv4 | 127.0.0.1/32 192.0.2.2/32
        host   | localhost     | ipv6 | [::1]/128
        """)
    void derivesMyNetworksFromTheInterfaces(String style, String interfaces, String protocols, String networks) {
        Settings settings = FakeHost.settings(
                "mynetworks_style = " + style, "inet_interfaces = " + interfaces, "inet_protocols = " + protocols);
        assertEquals(networks, settings.text("mynetworks"));
    }

    @Test
    void keepsTheDefaultsOfOldCompatibilityLevels() {
        assertEquals("subnet", FakeHost.settings().choice("mynetworks_style"));
        assertTrue(FakeHost.settings()
                .domains("relay_domains", ListTables.UNOPENED)
                .names("mx.example.org"));
        Settings current = FakeHost.settings("compatibility_level = 3.6");
        assertEquals("host", current.choice("mynetworks_style"));
        assertFalse(current.domains("relay_domains", ListTables.UNOPENED).names("mx.example.org"));
        assertFalse(current.flag("append_dot_mydomain"));
    }

    @Test
    void readsEachType() {
        Settings settings = FakeHost.settings(
                "soft_bounce = YES",
                "message_size_limit = 20m",
                "minimal_backoff_time = 5",
                "bounce_queue_lifetime = 3",
                "maximal_queue_lifetime = 2w",
                "notify_classes = bounce,2bounce  { a b }",
                "default_destination_concurrency_positive_feedback = 1/concurrency",
                "default_destination_concurrency_negative_feedback = 1/4");
        assertTrue(settings.flag("soft_bounce"));
        assertEquals(20 << 20, settings.size("message_size_limit"));
        assertEquals(Duration.ofSeconds(5), settings.time("minimal_backoff_time"));
        assertEquals(Duration.ofDays(3), settings.time("bounce_queue_lifetime"));
        assertEquals(Duration.ofDays(14), settings.time("maximal_queue_lifetime"));
        assertEquals(List.of("bounce", "2bounce", "a b"), settings.words("notify_classes"));
        assertEquals(
                new ConcurrencyFeedback(1, true),
                settings.feedback("default_destination_concurrency_positive_feedback"));
        assertEquals(
                new ConcurrencyFeedback(0.25, false),
                settings.feedback("default_destination_concurrency_negative_feedback"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        soft_bounce = maybe            | /etc/stafette/main.cf:2: parameter 'soft_bounce': maybe (expected: yes or no)
        smtpd_timeout = soon           | /etc/stafette/main.cf:2: parameter 'smtpd_timeout': soon (expected: a number with s, m, h, d or w, 1s or more)
        smtpd_timeout = 1d2h           | /etc/stafette/main.cf:2: parameter 'smtpd_timeout': 1d2h (expected: a number with s, m, h, d or w, 1s or more)
        in_flow_delay = 1m             | /etc/stafette/main.cf:2: parameter 'in_flow_delay': 1m (expected: a number with s, m, h, d or w, 0s..10s)
        message_size_limit = -1        | /etc/stafette/main.cf:2: parameter 'message_size_limit': -1 (expected: 0 or more bytes, k, m and g being understood)
        hopcount_limit = 0             | /etc/stafette/main.cf:2: parameter 'hopcount_limit': 0 (expected: 1 or more)
        hopcount_limit =               | /etc/stafette/main.cf:2: parameter 'hopcount_limit':  (expected: 1 or more)
        smtpd_forbid_bare_newline_reject_code = 421 | /etc/stafette/main.cf:2: parameter 'smtpd_forbid_bare_newline_reject_code': 421 (expected: 500..599)
        smtpd_policy_service_try_limit = 0 | /etc/stafette/main.cf:2: parameter 'smtpd_policy_service_try_limit': 0 (expected: 1 or more)
        unverified_sender_defer_code = 550 | /etc/stafette/main.cf:2: parameter 'unverified_sender_defer_code': 550 (expected: 200..499)
        default_delivery_slot_discount = 101 | /etc/stafette/main.cf:2: parameter 'default_delivery_slot_discount': 101 (expected: 0..100)
        smtp_address_preference = ipv5 | /etc/stafette/main.cf:2: parameter 'smtp_address_preference': ipv5 (expected: any, ipv4 or ipv6)
        inet_protocols = ipx           | /etc/stafette/main.cf:2: parameter 'inet_protocols': ipx (expected: all, ipv4, ipv6, or both of these)
        inet_interfaces = nohost       | /etc/stafette/main.cf:2: parameter 'inet_interfaces': nohost (expected: a known host)
        mynetworks = 10.1.0.0/8        | /etc/stafette/main.cf:2: parameter 'mynetworks': 10.1.0.0/8 (expected: no bits beyond the prefix; perhaps 10.0.0.0/8)
        mynetworks = 10.0.0.0/33       | /etc/stafette/main.cf:2: parameter 'mynetworks': 10.0.0.0/33 (expected: a prefix length of 0..32)
        mynetworks = [fd00::1]/64      | /etc/stafette/main.cf:2: parameter 'mynetworks': [fd00::1]/64 (expected: no bits beyond the prefix; perhaps [fd00::]/64)
        mynetworks = 10.0.0/8          | /etc/stafette/main.cf:2: parameter 'mynetworks': 10.0.0/8 (expected: address/length, as 192.168.0.0/16 or [fd00::]/8)
        default_destination_concurrency_positive_feedback = 2 | /etc/stafette/main.cf:2: parameter 'default_destination_concurrency_positive_feedback': 2 (expected: n, n/m or n/concurrency, from 0 to 1)
        smtp_destination_concurrency_limit = x | /etc/stafette/main.cf:2: parameter 'smtp_destination_concurrency_limit': x (expected: 0 or more)
        myhostname = ${x               | /etc/stafette/main.cf:2: parameter 'myhostname': truncated macro reference: "${x"
        notify_classes = { bounce      | /etc/stafette/main.cf:2: parameter 'notify_classes': missing '}' in "{ bounce"
        """)
    void namesFileLineParameterAndWhatWasExpected(String line, String message) {
        ConfigException refusal =
                assertThrows(ConfigException.class, () -> FakeHost.check("# head\n" + line + "\n", TRANSPORTS));
        assertEquals(message, refusal.getMessage());
    }

    @Test
    void namesTheRowOfABadOverride() {
        ConfigException refusal = assertThrows(
                ConfigException.class, () -> FakeHost.check("", "\n25 inet n - n - - smtpd -o smtpd_timeout=x"));
        assertEquals(
                "/etc/stafette/master.cf:2: parameter 'smtpd_timeout': x"
                        + " (expected: a number with s, m, h, d or w, 1s or more)",
                refusal.getMessage());
    }

    @Test
    void refusesWhatWouldBeWrongOnlyUnderStress() {
        ConfigException inMainCf = assertThrows(
                ConfigException.class,
                () -> FakeHost.check("smtpd_timeout = ${stress?{soon}:{300}}s", "25 inet n - n - - smtpd"));
        assertEquals(
                "/etc/stafette/main.cf:1: parameter 'smtpd_timeout': soons"
                        + " (expected: a number with s, m, h, d or w, 1s or more)",
                inMainCf.getMessage());
        ConfigException inRow = assertThrows(
                ConfigException.class,
                () -> FakeHost.check("", "25 inet n - n - - smtpd -o smtpd_hard_error_limit=${stress?0}${stress:20}"));
        assertEquals(
                "/etc/stafette/master.cf:1: parameter 'smtpd_hard_error_limit': 0 (expected: 1 or more)",
                inRow.getMessage());
    }

    @Test
    void namesTheOriginOfADefaultThatBreaks() {
        ConfigException refusal =
                assertThrows(ConfigException.class, () -> FakeHost.check("compatibility_level = x", ""));
        assertEquals(
                "/etc/stafette/main.cf: parameter 'mynetworks_style': malformed compatibility level syntax: \"x\"",
                refusal.getMessage());
    }

    @Test
    void letsARowOverrideMainCf() {
        Configuration configuration =
                new FakeHost("mx.example.org").configuration("smtpd_timeout = 50\nown = 0", TRANSPORTS);
        ServiceRow submission = configuration.services().get(2);
        Settings ofRow = configuration.settings().forService(submission);
        assertEquals("mx.example.org-587", ofRow.text("smtpd_banner"));
        assertEquals(Duration.ofSeconds(7), ofRow.time("smtpd_timeout"));
        assertEquals("587", ofRow.text("service_name"));
        assertEquals("smtpd", ofRow.text("process_name"));
        assertEquals(Duration.ofSeconds(50), configuration.settings().time("smtpd_timeout"));
    }

    @Test
    void letsWhatIsSaidClosestOverrideBoth() {
        Configuration configuration =
                new FakeHost("mx.example.org").configuration("smtpd_timeout = 50\nown = 0", TRANSPORTS);
        Settings ofRow =
                configuration.settings().forService(configuration.services().get(2));
        Settings closest = ofRow.with(Map.of("smtpd_timeout", "9", "smtpd_banner", "$myhostname"), "here");
        assertEquals(Duration.ofSeconds(9), closest.time("smtpd_timeout"));
        assertEquals("$myhostname", closest.text("smtpd_banner"), "it was expanded where it stands");
        assertEquals("587", closest.text("service_name"));
        assertEquals(
                "here: parameter 'smtpd_timeout': x (expected: a number with s, m, h, d or w, 1s or more)",
                assertThrows(
                                ConfigException.class,
                                () -> ofRow.with(Map.of("smtpd_timeout", "x"), "here")
                                        .time("smtpd_timeout"))
                        .getMessage());
    }

    @Test
    void givesEveryTransportItsOwnParameters() {
        Settings settings = new FakeHost("mx.example.org")
                .configuration(
                        "smtp_destination_concurrency_limit = 7\ndefault_destination_concurrency_limit = 9\n"
                                + "relay_initial_destination_concurrency = 2\n",
                        TRANSPORTS)
                .settings();
        assertEquals(7, settings.count("smtp_destination_concurrency_limit"));
        assertEquals(9, settings.count("relay_destination_concurrency_limit"));
        assertEquals(2, settings.count("relay_initial_destination_concurrency"));
        assertEquals(5, settings.count("smtp_initial_destination_concurrency"));
        assertThrows(IllegalStateException.class, () -> settings.count("nosuch_destination_concurrency_limit"));
    }

    @Test
    void warnsOfNamesThatDoNothing() {
        assertEquals(
                List.of(
                        "/etc/stafette/main.cf:1: unused parameter: smtpd_timout=3 (did you mean 'smtpd_timeout'?)",
                        "/etc/stafette/main.cf:2: parameter 'sun_mailtool_compatibility' is not implemented yet: it has no effect",
                        "/etc/stafette/main.cf:3: unused parameter: entirely_my_own_business=1",
                        "/etc/stafette/main.cf:6: unused parameter: smtp_destination_concurency_limit=3"
                                + " (did you mean 'smtp_destination_concurrency_limit'?)",
                        "/etc/stafette/master.cf:3: unused parameter: own=1"),
                FakeHost.check("""
                        smtpd_timout = 3
                        sun_mailtool_compatibility = yes
                        entirely_my_own_business = 1
                        my_helo = $myhostname
                        smtp_helo_name = ${my_helo}
                        smtp_destination_concurency_limit = 3
                        """, TRANSPORTS));
    }

    /** As Postfix, it starts: mail that has to do with the file waits. */
    @Test
    void warnsOfAFileOfAListThatCannotBeRead() {
        String until = ": as long as no reload can read it, whoever it may concern is answered 451";
        assertEquals(
                List.of(
                        "/etc/stafette/main.cf:1: parameter 'mynetworks': open file /etc/nets: No such file or directory"
                                + until,
                        "/etc/stafette/main.cf:2: parameter 'relay_domains': open file /etc/x: No such file or directory"
                                + until,
                        "/etc/stafette/master.cf:3: parameter 'mynetworks': open file /etc/other: No such file or"
                                + " directory" + until),
                FakeHost.check(
                        "mynetworks = 127.0.0.0/8, !/etc/nets\nrelay_domains = example.com /etc/x",
                        TRANSPORTS.replace("-o own=1", "-o mynetworks=/etc/other")));
    }

    @Test
    void findsTheFieldsOfItsOwnDirectory() {
        Configuration configuration = new FakeHost("mx").configuration("queue_directory = spool", "");
        assertEquals("/etc/stafette/spool", configuration.queueDirectory().toString());
        assertEquals("/etc/stafette", configuration.settings().text("config_directory"));
    }

    @Test
    void readsItsOriginFromAFileAsDebianDoes() {
        FakeHost host = new FakeHost("mx.example.org").file("/etc/mailname", "mail.example.net\n");
        assertEquals(
                "mail.example.net",
                host.configuration("myorigin = /etc/mailname", "").settings().text("myorigin"));
        ConfigException refusal =
                assertThrows(ConfigException.class, () -> FakeHost.check("myorigin = /etc/mailname", ""));
        assertEquals(
                "/etc/stafette/main.cf:1: parameter 'myorigin': /etc/mailname (expected: a domain, or a file that can be"
                        + " read)",
                refusal.getMessage());
    }

    @Test
    void saysWhatAReloadCannotDo() {
        FakeHost host = new FakeHost("mx.example.org");
        Configuration inUse =
                host.configuration("dns_servers = 192.0.2.1", "a unix - - n - - smtp\nb unix - - n - - smtp");
        Configuration wanted = host.configuration(
                "relayhost = [x.example]\nqueue_directory = /q\ninet_interfaces = all",
                "b unix - - n - 5 smtp\n\nc unix - - n - - smtp");
        assertEquals(
                List.of(
                        "/etc/stafette/main.cf:2: parameter 'queue_directory' has changed: that needs a restart",
                        "/etc/stafette/main.cf: parameter 'dns_servers' has changed: that needs a restart",
                        "/etc/stafette/master.cf:3: service 'c/unix' is new: that needs a restart",
                        "/etc/stafette/master.cf:1: service 'a/unix' has gone: that needs a restart"),
                wanted.changesThatNeedRestart(inUse));
        assertEquals(List.of(), wanted.changesThatNeedRestart(wanted));
    }

    @Test
    void knowsItsOwnAddresses() {
        Settings settings = FakeHost.settings("inet_interfaces = loopback-only", "proxy_interfaces = 198.51.100.1");
        assertEquals(
                List.of(FakeHost.ip("127.0.0.1"), FakeHost.ip("::1"), FakeHost.ip("198.51.100.1")),
                List.copyOf(settings.ownAddresses()));
    }

    @Test
    void refusesNamesThatGoInACircle() {
        Settings settings =
                new FakeHost("vm").configuration("mydomain = $myhostname", "").settings();
        ConfigException refusal = assertThrows(ConfigException.class, () -> settings.text("myhostname"));
        assertEquals(
                "/etc/stafette/main.cf:1: parameter 'mydomain': $myhostname depends on itself", refusal.getMessage());
    }

    @Test
    void warnsOfAScreenBehindWhichNobodyIs() {
        String screen = "25 inet n - n - 1 postscreen\n";
        assertEquals(
                List.of("/etc/stafette/master.cf:1: service '25/inet': there is no row 'smtpd pass' of smtpd"
                        + " for the clients that pass"),
                FakeHost.check("", screen + "smtpd pass - - n - - cleanup\n"));
        assertEquals(List.of(), FakeHost.check("", screen + "smtpd pass - - n - - smtpd\n"));
        assertEquals(
                List.of(),
                FakeHost.check("", "25 inet n - n - 1 postscreen -o smtpd_service_name=in\nin pass - - n - - smtpd\n"));
    }
}
