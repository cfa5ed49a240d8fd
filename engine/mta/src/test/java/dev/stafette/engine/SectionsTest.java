// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.smtp.LmtpSettings;
import dev.stafette.delivery.smtp.SessionReuse;
import dev.stafette.delivery.smtp.SmtpClientSettings;
import dev.stafette.delivery.smtp.SmtpClientSettings.HelloMode;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.delivery.ClientSection;
import dev.stafette.engine.delivery.DnsSection;
import dev.stafette.engine.delivery.RouteSection;
import dev.stafette.engine.queue.SchedulerSection;
import dev.stafette.engine.queue.StorageSection;
import dev.stafette.scheduler.DeliverySlots;
import dev.stafette.scheduler.Feedback;
import dev.stafette.scheduler.SchedulerSettings;
import dev.stafette.scheduler.TransportSettings;
import dev.stafette.storage.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The records that the modules declare, filled from main.cf. */
class SectionsTest {
    private static final Path SPOOL = Path.of("/spool");

    @Test
    void givesTheClientPostfixDefaults() {
        assertEquals(SmtpClientSettings.defaults("mx.example.org"), ClientSection.of(FakeHost.settings(), null));
    }

    @Test
    void readsWhatTheClientIsTold() {
        SmtpClientSettings client = ClientSection.of(
                FakeHost.settings(
                        "smtp_helo_name = out.$mydomain",
                        "smtp_always_send_ehlo = no",
                        "smtp_tcp_port = 2525",
                        "smtp_bind_address = 192.0.2.2",
                        "smtp_bind_address6 = fd00::2",
                        "smtp_connect_timeout = 5",
                        "disable_mime_output_conversion = yes",
                        "smtp_connection_cache_on_demand = no"),
                null);
        assertEquals("out.example.org", client.heloName());
        assertEquals(HelloMode.EHLO_WHEN_GREETED, client.helloMode());
        assertEquals(2525, client.port());
        assertEquals(FakeHost.ip("192.0.2.2"), client.bindAddress());
        assertEquals(FakeHost.ip("fd00::2"), client.bindAddress6());
        assertEquals(Duration.ofSeconds(5), client.timeouts().connect());
        assertEquals(false, client.mimeConversion());
        assertEquals(SessionReuse.NONE, client.reuse());
        assertEquals(
                HelloMode.NEVER_EHLO,
                ClientSection.of(FakeHost.settings("smtp_never_send_ehlo = yes"), null)
                        .helloMode());
    }

    @Test
    void readsTheParametersOfLmtpForARowOfLmtp() {
        Configuration configuration = new FakeHost("mx.example.org")
                .configuration(
                        String.join(
                                "\n",
                                "queue_directory = /spool",
                                "smtp_connect_timeout = 5",
                                "smtp_bind_address = 192.0.2.2",
                                "lmtp_assume_final = yes",
                                "lmtp_lhlo_name = box.$smtp_helo_name",
                                "lmtp_lhlo_timeout = 7"),
                        "box unix - - n - - lmtp -o lmtp_mail_timeout=9\nsmtp unix - - n - - smtp");
        Settings settings = configuration.settings();
        SmtpClientSettings client =
                ClientSection.of(settings.forService(configuration.services().get(0)), null);
        assertEquals(new LmtpSettings(true, SPOOL), client.lmtp());
        assertEquals("box.mx.example.org", client.heloName());
        assertEquals(24, client.port());
        assertEquals(Duration.ZERO, client.timeouts().connect());
        assertEquals(Duration.ofSeconds(7), client.timeouts().helo());
        assertEquals(Duration.ofSeconds(9), client.timeouts().mail());
        assertNull(client.bindAddress());
        SmtpClientSettings smtp =
                ClientSection.of(settings.forService(configuration.services().get(1)), null);
        assertNull(smtp.lmtp());
        assertEquals(Duration.ofSeconds(5), smtp.timeouts().connect());
    }

    @Test
    void namesTheParameterOfLmtpThatIsWrong() {
        Configuration configuration = new FakeHost("mx.example.org")
                .configuration("lmtp_tcp_port = no-such-port", "lmtp unix - - n - - lmtp");
        Settings settings =
                configuration.settings().forService(configuration.services().get(0));
        ConfigException wrong = assertThrows(ConfigException.class, () -> ClientSection.of(settings, null));
        assertTrue(wrong.getMessage().contains("lmtp_tcp_port"), wrong.getMessage());
    }

    @Test
    void givesRoutesPostfixDefaults() {
        RouteSettings defaults = RouteSettings.defaults("mx.example.org");
        RouteSettings routes = RouteSection.of(FakeHost.settings());
        assertEquals(
                Set.of(FakeHost.ip("127.0.0.1"), FakeHost.ip("192.0.2.2"), FakeHost.ip("::1"), FakeHost.ip("fd00::2")),
                routes.ownAddresses());
        assertEquals(defaults.toString(), routes.toString().replaceAll("ownAddresses=\\[[^]]*]", "ownAddresses=[]"));
    }

    @Test
    void readsNameServers() {
        assertEquals(DnsSettings.defaults(), DnsSection.of(FakeHost.settings()));
        DnsSettings dns = DnsSection.of(FakeHost.settings(
                "dns_servers = 127.0.0.1:5353, 192.0.2.1 [::1]:54 fd00::2", "dns_timeout = 2", "dns_cache_limit = 7"));
        assertEquals(
                "[/127.0.0.1:5353, /192.0.2.1:53, /[0:0:0:0:0:0:0:1]:54, /[fd00:0:0:0:0:0:0:2]:53]",
                dns.servers().toString());
        assertEquals(Duration.ofSeconds(2), dns.queryTimeout());
        assertEquals(7, dns.cacheEntriesMax());
    }

    @ParameterizedTest
    @CsvSource({
        "'', no, true, false",
        "'', yes, false, false",
        "disabled, no, false, false",
        "enabled, yes, true, false",
        "dnssec, yes, true, true",
    })
    void readsHowMuchOfTheDnsIsUsed(String level, String disabled, boolean lookups, boolean dnssec) {
        RouteSettings routes = RouteSection.of(
                FakeHost.settings("smtp_dns_support_level = " + level, "disable_dns_lookups = " + disabled));
        assertEquals(lookups, routes.dnsLookups());
        assertEquals(dnssec, routes.dnssec());
    }

    @Test
    void readsKindsOfLookup() {
        RouteSettings routes = RouteSection.of(FakeHost.settings(
                "smtp_host_lookup = dns, native",
                "smtp_address_preference = ipv6",
                "inet_protocols = ipv4",
                "proxy_interfaces = 198.51.100.7"));
        assertEquals(true, routes.dnsLookups() && routes.nativeLookups());
        assertEquals(RouteSettings.AddressPreference.IPV6, routes.preference());
        assertEquals(RouteSettings.InetProtocols.IPV4, routes.protocols());
        assertEquals(
                Set.of(FakeHost.ip("127.0.0.1"), FakeHost.ip("192.0.2.2"), FakeHost.ip("198.51.100.7")),
                routes.ownAddresses());
        assertEquals(
                false,
                RouteSection.of(FakeHost.settings("disable_dns_lookups = yes")).dnsLookups());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        dns_servers = ns.example     | main.cf:1: parameter 'dns_servers': ns.example (expected: addresses with or without port, as 192.0.2.1, 127.0.0.1:5353, [::1]:53)
        dns_servers = 192.0.2.1:99999 | main.cf:1: parameter 'dns_servers': 192.0.2.1:99999 (expected: addresses with or without port, as 192.0.2.1, 127.0.0.1:5353, [::1]:53)
        smtp_dns_support_level = yes | main.cf:1: parameter 'smtp_dns_support_level': yes (expected: disabled, enabled, dnssec, or nothing)
        smtp_host_lookup = hosts     | main.cf:1: parameter 'smtp_host_lookup': hosts (expected: dns, native, or both)
        smtp_tcp_port = nosuch       | main.cf:1: parameter 'smtp_tcp_port': nosuch (expected: a port, or a name of /etc/services)
        smtp_bind_address = fd00::2  | main.cf:1: parameter 'smtp_bind_address': fd00::2 (expected: an IPv4 address)
        smtp_bind_address6 = x       | main.cf:1: parameter 'smtp_bind_address6': x (expected: an IPv6 address)
        """)
    void refusesToStartOnABadValue(String line, String message) {
        ConfigException refusal = assertThrows(ConfigException.class, () -> FakeHost.check(line, ""));
        assertEquals("/etc/stafette/" + message, refusal.getMessage());
    }

    @Test
    void givesTheSchedulerPostfixDefaults() {
        assertEquals(SchedulerSettings.DEFAULTS, SchedulerSection.of(FakeHost.settings(), List.of()));
    }

    @Test
    void hearsTheRowOfTheQueueManager() {
        SchedulerSettings scheduler = SchedulerSection.of(new FakeHost("mx.example.org")
                .configuration(
                        "default_destination_concurrency_limit = 9\n",
                        "qmgr unix n - n 300 1 qmgr -o default_destination_concurrency_limit=3 -o"
                                + " minimal_backoff_time=2h\n"
                                + "smtp unix - - n - - smtp\n"));
        assertEquals(3, scheduler.forTransport("smtp").concurrencyLimit());
        assertEquals(Duration.ofHours(2).toNanos(), scheduler.minimalBackoffNs());
    }

    /** Postfix runs no more processes, and each has one connection. */
    @Test
    void keepsATransportToTheProcessesOfItsRow() {
        SchedulerSettings scheduler = SchedulerSection.of(
                new FakeHost("mx.example.org").configuration("any_destination_concurrency_limit = 0\n", """
                    filter unix - - n - 2 smtp
                    wide unix - - n - 99 smtp
                    any unix - - n - 7 smtp
                    free unix - - n - 0 smtp
                    """));
        assertEquals(2, scheduler.forTransport("filter").concurrencyLimit());
        assertEquals(20, scheduler.forTransport("wide").concurrencyLimit());
        assertEquals(7, scheduler.forTransport("any").concurrencyLimit());
        assertEquals(20, scheduler.forTransport("free").concurrencyLimit());
        assertEquals(99, scheduler.forTransport("wide").processLimit());
        assertEquals(0, scheduler.forTransport("free").processLimit());
    }

    @Test
    void keepsATransportToTheDefaultLimitOfProcessesWhereThatIsSaid() {
        SchedulerSettings scheduler = SchedulerSection.of(new FakeHost("mx.example.org")
                .configuration(
                        "default_process_limit = 4\n",
                        "usual unix - - n - - smtp\nown unix - - n - 7 smtp\nfree unix - - n - 0 smtp\n"));
        assertEquals(4, scheduler.forTransport("usual").concurrencyLimit());
        assertEquals(4, scheduler.forTransport("usual").processLimit());
        assertEquals(7, scheduler.forTransport("own").concurrencyLimit());
        assertEquals(20, scheduler.forTransport("free").concurrencyLimit());
    }

    @Test
    void givesTheSchedulerWhatATransportIsTold() {
        SchedulerSettings scheduler = SchedulerSection.of(new FakeHost("mx.example.org")
                .configuration(
                        """
                        default_destination_concurrency_limit = 9
                        slow_destination_concurrency_limit = 3
                        slow_destination_recipient_limit = 1
                        slow_destination_concurrency_failed_cohort_limit = 10
                        slow_destination_concurrency_negative_feedback = 1/concurrency
                        default_delivery_slot_loan = 7
                        slow_delivery_slot_cost = 4
                        slow_delivery_slot_discount = 25
                        slow_minimum_delivery_slots = 2
                        default_site_concurrency_limit = 30
                        slow_site_concurrency_limit = 6
                        slow_transport_rate_delay = 90
                        slower_destination_concurrency_limit = 8
                        slower_destination_rate_delay = 90
                        default_destination_rate_delay = 0s
                        minimal_backoff_time = 2h
                        bounce_queue_lifetime = 9d
                        dead_destination_probe = no
                        """,
                        "slow unix - - n - - smtp\n"
                                + "slower unix - - n - - smtp\n"
                                + "local unix - n n - - local\n"
                                + "smtp inet n - n - - smtpd\n"));
        assertEquals(
                new TransportSettings(
                        3,
                        5,
                        1,
                        Feedback.ONE,
                        new Feedback(1, true),
                        10,
                        new DeliverySlots(4, 7, 25, 2),
                        6,
                        0,
                        0,
                        90_000_000_000L,
                        0),
                scheduler.forTransport("slow"));
        assertEquals(
                TransportSettings.DEFAULTS
                        .withConcurrency(5, 2)
                        .withRecipientLimit(1)
                        .withSlots(new DeliverySlots(5, 7, 50, 3))
                        .withLookAhead(8),
                scheduler.forTransport("local"));
        assertEquals(9, scheduler.forTransport("smtp").concurrencyLimit());
        assertEquals(
                TransportSettings.DEFAULTS
                        .withSlots(new DeliverySlots(5, 7, 50, 3))
                        .withDestinationDelay(90_000_000_000L),
                scheduler.forTransport("slower").withSiteConcurrency(0));
        assertEquals(7_200_000_000_000L, scheduler.minimalBackoffNs());
        assertEquals(scheduler.minimalBackoffNs(), scheduler.maximalBackoffNs());
        assertEquals(scheduler.lifetimeNs(), scheduler.bounceLifetimeNs());
        assertEquals(false, scheduler.probesDead());
    }

    @Test
    void givesTheStorageItsDefaults() {
        StorageSettings defaults = StorageSettings.of(SPOOL);
        StorageSettings storage = StorageSection.of(FakeHost.settings(), SPOOL);
        assertEquals(
                new StorageSettings(
                        SPOOL,
                        defaults.segmentBytes(),
                        defaults.generationBytes(),
                        defaults.journalReserveBytes(),
                        defaults.ballastBytes(),
                        15_360_000),
                storage);
    }

    @Test
    void givesTheStorageSizesThatFitASmallDisk() {
        Settings settings = new FakeHost("mx.example.org")
                .fileSystem(64 << 20)
                .configuration("queue_ballast_size = 5m", "")
                .settings();
        assertEquals("4m 8m", settings.text("body_segment_size") + " " + settings.text("journal_generation_size"));
        assertEquals(
                new StorageSettings(SPOOL, 4 << 20, 8 << 20, 2 << 20, 5 << 20, 15_360_000),
                StorageSection.of(settings, SPOOL));
    }

    @Test
    void keepsTheFreeSpaceThatPostfixWould() {
        assertEquals(
                List.of(15_360_000L, 50_000_000L, 0L),
                List.of(
                        freeBytesMin("queue_minfree = 100"),
                        freeBytesMin("queue_minfree = 50000000"),
                        freeBytesMin("message_size_limit = 0")));
    }

    private static long freeBytesMin(String line) {
        return StorageSection.of(FakeHost.settings(line), SPOOL).freeBytesMin();
    }
}
