// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListsTest {
    private final FakeTables tables = new FakeTables();

    private static boolean in(DomainList list, String domain) {
        return list.find(domain, Inquiry.BLOCKING) == Finding.FOUND;
    }

    private static boolean in(NetworkList list, String address, @Nullable String name) {
        return list.find(FakeHost.ip(address), name, Inquiry.BLOCKING) == Finding.FOUND;
    }

    @Test
    void asksTablesForDomainsAndTheirParents() {
        tables.table("hash:/etc/ours", "a.test", ".b.test")
                .table("cdb:R", "c.test")
                .patterns("cdb:P");
        Settings settings = FakeHost.settings(
                "mydestination = written.test hash:/etc/ours", "relay_domains = !no.c.test cdb:R other.test");
        DomainList ours = settings.domains("mydestination", tables);
        assertTrue(in(ours, "a.test") && in(ours, "written.test"));
        assertFalse(in(ours, "x.a.test") || in(ours, "b.test") || in(ours, "c.test") || in(ours, "x.y.b.test"));
        DomainList relay = settings.domains("relay_domains", tables);
        assertTrue(in(relay, "c.test") && in(relay, "x.y.c.test") && in(relay, "x.other.test"));
        assertFalse(in(relay, "no.c.test") || in(relay, "x.no.c.test"));
    }

    @Test
    void asksATableOnlyWhenNothingBeforeItMatches() {
        tables.table("hash:a").table("hash:b", "x.test");
        DomainList list = FakeHost.settings("relay_domains = x.test hash:a, !hash:b z.test")
                .domains("relay_domains", tables);
        assertTrue(in(list, "x.test"));
        assertEquals(List.of(), tables.asked);
        assertFalse(in(list, "y.x.test.nowhere"));
        assertTrue(in(list, "z.test"));
        assertTrue(tables.asked.contains("z.test") && tables.asked.contains("test"));
        assertFalse(in(FakeHost.settings("relay_domains = !hash:b x.test").domains("relay_domains", tables), "x.test"));
    }

    @Test
    void asksATableOfPatternsForTheWholeOnly() {
        tables.table("pcre:/p").patterns("pcre:/p");
        assertFalse(in(FakeHost.settings("relay_domains = pcre:/p").domains("relay_domains", tables), "a.b.test"));
        assertEquals(List.of("a.b.test"), tables.asked);
    }

    /** What comes before it decides; what comes behind it cannot. */
    @Test
    void cannotTellBehindATableThatDoesNotAnswer() {
        DomainList list =
                FakeHost.settings("relay_domains = a.test mute:x b.test").domains("relay_domains", tables);
        assertEquals(Finding.FOUND, list.find("a.test", Inquiry.BLOCKING));
        assertEquals(Finding.UNAVAILABLE, list.find("b.test", Inquiry.BLOCKING));
        assertEquals(Finding.UNAVAILABLE, list.find("c.test", Inquiry.BLOCKING));
        assertTrue(list.names("b.test"));
        assertFalse(list.names("c.test"));
        NetworkList networks =
                FakeHost.settings("mynetworks = 10.0.0.0/8 mute:x 192.0.2.1").networks("mynetworks", tables);
        assertEquals(Finding.FOUND, networks.find(FakeHost.ip("10.0.0.1"), null, Inquiry.BLOCKING));
        assertEquals(Finding.UNAVAILABLE, networks.find(FakeHost.ip("192.0.2.1"), null, Inquiry.BLOCKING));
    }

    @Test
    void asksTablesForClientsByNameAndByAddress() {
        tables.table("hash:/c", "pool.test", "192.0.2.9", "fd00::9");
        NetworkList list = FakeHost.settings("mynetworks = !192.0.2.8 hash:/c").networks("mynetworks", tables);
        assertTrue(
                in(list, "203.0.113.1", "a.pool.test") && in(list, "192.0.2.9", null) && in(list, "fd00::9", "b.test"));
        assertFalse(in(list, "192.0.2.8", "pool.test") || in(list, "192.0.2.7", "b.test"));
    }

    @Test
    void keepsATableInBracesInOneWord() {
        tables.table("inline:{a.test=1, b.test = 2}", "a.test");
        DomainList list = FakeHost.settings("relay_domains = x.test, inline:{a.test=1, b.test = 2} y.test")
                .domains("relay_domains", tables);
        assertTrue(in(list, "a.test") && in(list, "x.test") && in(list, "y.test"));
    }

    /** Only what the table has to be asked for waits. */
    @Test
    void waitsForASlowTableWhereNothingBeforeItDecides() {
        tables.table("ldap:/l", "b.test").slow("ldap:/l").table("hash:h", "a.test");
        DomainList list = FakeHost.settings("relay_domains = hash:h ldap:/l").domains("relay_domains", tables);
        Inquirer inquirer = new Inquirer(Runnable::run, () -> 0);
        PatientInquiry inquiry = inquirer.begin();
        assertEquals(Finding.FOUND, list.find("a.test", inquiry));
        assertFalse(inquiry.isWaiting());
        assertEquals(Finding.UNAVAILABLE, list.find("b.test", inquiry));
        assertTrue(inquiry.isWaiting());
        List<Finding> found = new ArrayList<>();
        inquirer.await(inquiry, again -> list.find("b.test", again), found::add, mistake -> {
            throw mistake;
        });
        assertEquals(List.of(), found);
        tables.lookups.remove().run();
        assertEquals(List.of(Finding.FOUND), found);
    }

    @Test
    void saysInWhichParameterATableIsWrong() {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> FakeHost.settings("", "relay_domains = hsah:/x").domains("relay_domains", tables));
        assertEquals(
                "/etc/stafette/main.cf:2: parameter 'relay_domains': hsah:/x (expected: a table that the test has)",
                e.getMessage());
    }

    @Test
    void matchesSubdomainsWhereTheListSaysSo() {
        Settings settings =
                FakeHost.settings("relay_domains = Example.com, .example.net", "mydestination = example.com .a.b");
        DomainList relay = settings.domains("relay_domains", tables);
        assertTrue(in(relay, "example.com") && in(relay, "x.y.example.com") && in(relay, "x.example.net"));
        assertFalse(in(relay, "example.net") || in(relay, "notexample.com") || in(relay, "com"));
        DomainList ours = settings.domains("mydestination", tables);
        assertTrue(in(ours, "example.com"));
        assertFalse(in(ours, "x.example.com") || in(ours, "a.b") || in(ours, "x.a.b"));
    }

    @Test
    void letsTheFirstPatternDecide() {
        DomainList list = FakeHost.settings("relay_domains = !no.example.com example.com !other.example.com")
                .domains("relay_domains", tables);
        assertFalse(in(list, "no.example.com") || in(list, "x.no.example.com"));
        assertTrue(in(list, "yes.example.com") && in(list, "other.example.com"));
    }

    @Test
    void readsFilesInPlace() {
        FakeHost host = new FakeHost("mx")
                .file("/etc/relay", "# domains\na.example\n  b.example !c.example\n")
                .file("/etc/not", "10.9.0.0/16");
        Settings settings = host.configuration("relay_domains = /etc/relay\nmynetworks = !/etc/not 10.0.0.0/8", "")
                .settings();
        DomainList relay = settings.domains("relay_domains", tables);
        assertTrue(in(relay, "a.example") && in(relay, "b.example"));
        assertFalse(in(relay, "c.example"));
        NetworkList networks = settings.networks("mynetworks", tables);
        assertTrue(in(networks, "10.8.0.1", null));
        assertFalse(in(networks, "10.9.0.1", null));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.0.9, true",
        "128.0.0.1, false",
        "192.168.1.7, false",
        "192.168.1.6, true",
        "10.64.0.1, true",
        "10.128.0.1, false",
        "::1, true",
        "::2, false",
        "fd00:1::5, true",
        "fe00::1, false",
        "203.0.113.9, true",
        "::ffff:127.0.0.1, true"
    })
    void matchesNetworks(String client, boolean member) {
        NetworkList list = FakeHost.settings(
                        "mynetworks = 127.0.0.0/8, !192.168.1.7 192.168.1.0/24 10.0.0.0/9 [::1]/128 [fd00::]/8"
                                + " 203.0.113.9")
                .networks("mynetworks", tables);
        assertEquals(member, in(list, client, null));
    }

    @Test
    void matchesClientsByName() {
        NetworkList list = FakeHost.settings("mynetworks = !bad.example.org example.org 10.0.0.0/8")
                .networks("mynetworks", tables);
        assertTrue(in(list, "192.0.2.9", "a.example.org"));
        assertFalse(in(list, "10.0.0.1", "bad.example.org"));
        assertTrue(in(list, "10.0.0.1", "a.test"));
        assertFalse(in(list, "192.0.2.9", null));
    }

    /** As in the main.cf that Debian installs. */
    @Test
    void readsNetworksOfMappedAddresses() {
        NetworkList list = FakeHost.settings("mynetworks = [::ffff:127.0.0.0]/104 [::ffff:192.0.2.1]")
                .networks("mynetworks", tables);
        assertTrue(in(list, "127.0.0.1", null) && in(list, "192.0.2.1", null));
        assertFalse(in(list, "128.0.0.1", null) || in(list, "192.0.2.2", null));
    }

    @Test
    void takesEverybodyForAPrefixOfNothing() {
        NetworkList list = FakeHost.settings("mynetworks = 0.0.0.0/0").networks("mynetworks", tables);
        assertTrue(in(list, "203.0.113.1", null));
        assertFalse(in(list, "::1", null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4x",
                "a.b.c.d",
                "1..2.3",
                "::g",
                "localhost"
            })
    void takesNoNameForAnAddress(String text) {
        assertNull(IpText.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "fd00:0:0:0:0:0:0:2, fd00::2",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
        "1:0:2:0:3:0:4:0, 1:0:2:0:3:0:4:0",
        "[IPv6:FD00::2], fd00::2",
        "10.0.0.1, 10.0.0.1"
    })
    void printsAddressesShortly(String text, String shown) {
        assertEquals(shown, IpText.format(FakeHost.ip(text)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        smtp               | all           | [/[0:0:0:0:0:0:0:0]:25]
        587                | loopback-only | [/127.0.0.1:587, /[0:0:0:0:0:0:0:1]:587]
        127.0.0.1:10025    | all           | [/127.0.0.1:10025]
        [::1]:submission   | all           | [/[0:0:0:0:0:0:0:1]:587]
        localhost:2525     | all           | [/127.0.0.1:2525, /[0:0:0:0:0:0:0:1]:2525]
        mail-x             | 192.0.2.2     | [/192.0.2.2:4711]
        lmtp               | 192.0.2.2     | [/192.0.2.2:24]
        ftp                | 192.0.2.2     | [/192.0.2.2:2121]
        127.0.0.1:ours     | all           | [/127.0.0.1:2525]
        """)
    void findsWhereARowListens(String name, String interfaces, String addresses) {
        Configuration configuration = new FakeHost("mx")
                .file("/etc/services", "ftp 21/tcp\nmail 4711/udp mail-x\nmail 4711/tcp mail-x # x\n")
                .configuration(
                        "inet_interfaces = " + interfaces
                                + "\nknown_tcp_ports = lmtp=24, smtp=25, ours = ftp-x=2525, ftp=2121, submission=587,",
                        name + " inet n - n - - smtpd");
        assertEquals(
                addresses,
                ListenAddresses.of(configuration.services().get(0), configuration.settings())
                        .toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        nosuch       | /etc/stafette/master.cf:1: service 'nosuch': service: nosuch (expected: a port, or a name of /etc/services)
        65536        | /etc/stafette/master.cf:1: service '65536': service: 65536 (expected: a port, or a name of /etc/services)
        nohost:25    | /etc/stafette/master.cf:1: service 'nohost:25': service: nohost (expected: a known host)
        """)
    void saysWhyARowCannotListen(String name, String message) {
        Configuration configuration = new FakeHost("mx").configuration("", name + " inet n - n - - smtpd");
        try {
            ListenAddresses.of(configuration.services().get(0), configuration.settings());
        } catch (ConfigException e) {
            assertEquals(message, e.getMessage());
            return;
        }
        throw new AssertionError("no refusal");
    }

    @Test
    void suggestsWhatIsNear() {
        List<String> names = List.of("relayhost", "relay_domains", "myhostname", "mydomain");
        assertEquals("relayhost", Suggestion.nearest("relay_host", names));
        assertEquals("myhostname", Suggestion.nearest("myhostnmae", names));
        assertNull(Suggestion.nearest("quite_different", names));
        assertNull(Suggestion.nearest("abc", names));
        assertEquals(1, Suggestion.distance("ab", "ba"));
        assertEquals(3, Suggestion.distance("kitten", "sitting"));
    }
}
