// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListsTest {
    @Test
    void matchesSubdomainsWhereTheListSaysSo() {
        Settings settings =
                FakeHost.settings("relay_domains = Example.com, .example.net", "mydestination = example.com .a.b");
        DomainList relay = settings.domains("relay_domains");
        assertTrue(
                relay.contains("example.com") && relay.contains("x.y.example.com") && relay.contains("x.example.net"));
        assertFalse(relay.contains("example.net") || relay.contains("notexample.com") || relay.contains("com"));
        DomainList ours = settings.domains("mydestination");
        assertTrue(ours.contains("example.com") && ours.contains("x.a.b"));
        assertFalse(ours.contains("x.example.com") || ours.contains("a.b"));
    }

    @Test
    void letsTheFirstPatternDecide() {
        DomainList list = FakeHost.settings("relay_domains = !no.example.com example.com !other.example.com")
                .domains("relay_domains");
        assertFalse(list.contains("no.example.com") || list.contains("x.no.example.com"));
        assertTrue(list.contains("yes.example.com") && list.contains("other.example.com"));
    }

    @Test
    void readsFilesInPlace() {
        FakeHost host = new FakeHost("mx")
                .file("/etc/relay", "# domains\na.example\n  b.example !c.example\n")
                .file("/etc/not", "10.9.0.0/16");
        Settings settings = host.configuration("relay_domains = /etc/relay\nmynetworks = !/etc/not 10.0.0.0/8", "")
                .settings();
        DomainList relay = settings.domains("relay_domains");
        assertTrue(relay.contains("a.example") && relay.contains("b.example"));
        assertFalse(relay.contains("c.example"));
        NetworkList networks = settings.networks("mynetworks");
        assertTrue(networks.contains(FakeHost.ip("10.8.0.1"), null));
        assertFalse(networks.contains(FakeHost.ip("10.9.0.1"), null));
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
                        "mynetworks = 127.0.0.0/8, !192.168.1.7 192.168.1.0/24 10.0.0.0/9 [::1]/128 [fd00::]/8 203.0.113.9")
                .networks("mynetworks");
        assertEquals(member, list.contains(FakeHost.ip(client), null));
    }

    @Test
    void matchesClientsByName() {
        NetworkList list = FakeHost.settings("mynetworks = !bad.example.org example.org 10.0.0.0/8")
                .networks("mynetworks");
        assertTrue(list.hasNames());
        assertTrue(list.contains(FakeHost.ip("192.0.2.9"), "a.example.org"));
        assertFalse(list.contains(FakeHost.ip("10.0.0.1"), "bad.example.org"));
        assertTrue(list.contains(FakeHost.ip("10.0.0.1"), "a.test"));
        assertFalse(list.contains(FakeHost.ip("192.0.2.9"), null));
    }

    /** As in the main.cf that Debian installs. */
    @Test
    void readsNetworksOfMappedAddresses() {
        NetworkList list = FakeHost.settings("mynetworks = [::ffff:127.0.0.0]/104 [::ffff:192.0.2.1]")
                .networks("mynetworks");
        assertTrue(list.contains(FakeHost.ip("127.0.0.1"), null) && list.contains(FakeHost.ip("192.0.2.1"), null));
        assertFalse(list.contains(FakeHost.ip("128.0.0.1"), null) || list.contains(FakeHost.ip("192.0.2.2"), null));
    }

    @Test
    void takesEverybodyForAPrefixOfNothing() {
        NetworkList list = FakeHost.settings("mynetworks = 0.0.0.0/0").networks("mynetworks");
        assertTrue(list.contains(FakeHost.ip("203.0.113.1"), null));
        assertFalse(list.contains(FakeHost.ip("::1"), null));
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
        """)
    void findsWhereARowListens(String name, String interfaces, String addresses) {
        Configuration configuration = new FakeHost("mx")
                .file("/etc/services", "ftp 21/tcp\nmail 4711/udp mail-x\nmail 4711/tcp mail-x # x\n")
                .configuration("inet_interfaces = " + interfaces, name + " inet n - n - - smtpd");
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
