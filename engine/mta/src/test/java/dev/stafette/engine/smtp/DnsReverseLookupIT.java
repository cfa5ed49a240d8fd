// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.dns.FakeDns;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a name server in this JVM. */
class DnsReverseLookupIT {
    private static FakeDns server;
    private static EventLoopGroup group;
    private static DnsReverseLookup lookup;

    @BeforeAll
    static void start() {
        server = new FakeDns();
        server.pointer("7.2.0.192.in-addr.arpa", "Mail.C.test").address("mail.c.test", "192.0.2.7");
        server.pointer("8.2.0.192.in-addr.arpa", "liar.test").address("liar.test", "198.51.100.1");
        server.pointer("9.2.0.192.in-addr.arpa", "nowhere.test");
        server.pointer("10.2.0.192.in-addr.arpa", "192.0.2.10");
        // RFC 2317: a part of a network that somebody else names.
        server.alias("12.2.0.192.in-addr.arpa", "12.8-15.2.0.192.in-addr.arpa");
        server.pointer("12.8-15.2.0.192.in-addr.arpa", "c12.test").alias("c12.test", "host.test");
        server.address("host.test", "192.0.2.99").address("host.test", "192.0.2.12");
        server.fail("13.2.0.192.in-addr.arpa", FakeDns.SERVFAIL);
        server.pointer("8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "six.test");
        server.address("six.test", "2001:db8::8");
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        DnsSettings settings = new DnsSettings(List.of(server.address()), Duration.ofSeconds(30), 100);
        lookup = new DnsReverseLookup(new DnsClients(settings, group).of(group.next()));
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, mail.c.test",
        "192.0.2.8, unknown",
        "192.0.2.9, unknown",
        "192.0.2.10, unknown",
        "192.0.2.11, unknown",
        "192.0.2.12, c12.test",
        "192.0.2.13, unknown",
        "2001:db8::7, unknown",
        "2001:db8::8, six.test",
    })
    void believesANameThatHasTheAddress(String address, String expected) throws InterruptedException {
        EventLoop loop = group.next();
        BlockingQueue<String> names = new LinkedBlockingQueue<>();
        loop.execute(() -> lookup.find(TestHost.ip(address), found -> names.add(found.name())));
        assertEquals(expected, names.poll(60, TimeUnit.SECONDS));
    }
}
