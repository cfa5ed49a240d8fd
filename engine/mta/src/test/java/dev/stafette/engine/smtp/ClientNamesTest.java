// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.restriction.ClientName;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClientNamesTest {
    private static final HostsFile HOSTS = HostsFile.of(List.of("127.0.0.9\tNine.test nine # ours", "192.0.2.9 10.1"));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Map<InetAddress, Consumer<ClientName>> asked = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private final ClientNames names = new ClientNames(channel.eventLoop(), HOSTS, asked::put);

    private static final InetAddress CLIENT = TestHost.ip("192.0.2.7");

    private void pass(long ms) {
        channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void goesOnWithoutANameThatDoesNotCome() {
        channel.freezeTime();
        names.find(CLIENT, name -> told.add(name.name()));
        pass(ClientNames.WAIT_MS - 1);
        assertEquals(List.of(), told);
        pass(1);
        assertEquals(List.of("unknown"), told);
        asked.remove(CLIENT).accept(ClientName.of("late.test"));
        assertEquals(List.of("unknown"), told);
    }

    @Test
    void asksForNoTimeWhereTheNameIsKnown() {
        channel.freezeTime();
        ClientNames known =
                new ClientNames(channel.eventLoop(), HOSTS, (address, then) -> then.accept(ClientName.of("c.test")));
        known.find(CLIENT, name -> told.add(name.name()));
        pass(ClientNames.WAIT_MS);
        assertEquals(List.of("c.test"), told);
        new ClientNames(channel.eventLoop(), HOSTS, (address, then) -> then.accept(ClientName.UNKNOWN))
                .find(CLIENT, name -> told.add(name.name()));
        assertEquals(List.of("c.test", "unknown"), told);
    }

    @Test
    void knowsTheLoopbackByItself() {
        names.find(TestHost.ip("127.0.0.1"), name -> told.add(name.name()));
        names.find(TestHost.ip("::1"), name -> told.add(name.name()));
        assertEquals(List.of("localhost", "localhost"), told);
    }

    @Test
    void asksTheFileOfHostsBeforeTheDns() {
        names.find(TestHost.ip("127.0.0.9"), name -> told.add(name.name() + " " + name.reverseName()));
        names.find(TestHost.ip("192.0.2.9"), name -> told.add(name.name()));
        assertEquals(List.of("nine.test nine.test", "unknown"), told);
        names.find(TestHost.ip("127.0.0.7"), name -> told.add(name.name()));
        assertEquals(Set.of(TestHost.ip("127.0.0.7")), asked.keySet());
    }

    @Test
    void spellsReverseNames() {
        assertEquals("7.2.0.192.in-addr.arpa", DnsReverseLookup.reverseName(CLIENT));
        assertEquals(
                "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
                DnsReverseLookup.reverseName(TestHost.ip("2001:db8::7")));
    }

    @Test
    void takesHostNamesOnly() {
        assertEquals("mail.c.test", DnsReverseLookup.hostName("mail.c.test"));
        for (String text :
                List.of("", ".", "a..b", "192.0.2.7", "a b", "a\r\nb", "a(b)", "x".repeat(254), "ä.test", "a\\.test")) {
            assertNull(DnsReverseLookup.hostName(text), text);
        }
    }

    @Test
    void countsTheSessionsOfAClient() {
        ClientCounts counts = new ClientCounts();
        assertEquals(1, counts.enter(network(CLIENT)));
        assertEquals(2, counts.enter(network(CLIENT)));
        assertEquals(1, counts.enter(network(TestHost.ip("192.0.2.8"))));
        counts.leave(network(CLIENT));
        assertEquals(2, counts.enter(network(CLIENT)));
        assertEquals(1, counts.enter(network(TestHost.ip("2001:db8:0:0:0:1::1"))));
        assertEquals(2, counts.enter(network(TestHost.ip("2001:db8:0:0:0:2::7"))));
        assertEquals(1, counts.enter(network(TestHost.ip("2001:db8:0:0:1000::7"))));
        counts.leave(network(CLIENT));
        counts.leave(network(CLIENT));
        assertEquals(3 + 0, counts.size());
    }

    private static ClientNetwork network(InetAddress address) {
        return new ClientNetwork.Prefixes(32, 84).of(address);
    }
}
