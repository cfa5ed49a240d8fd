// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.dns.FakeDns;
import dev.stafette.delivery.tls.ClientTls;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Domains with their hosts: a name server, and servers on loopback addresses that share a port, {@code mxN.test} at
 * 127.0.0.N. What was opened here is closed with it.
 */
final class MailExchanges {
    final FakeDns dns = new FakeDns();
    private final ServerSocket holder = holdPort();
    final int port = holder.getLocalPort();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(dns, holder));

    /**
     * Below the ports that clients get, so that none of them takes it on one of the addresses; held on an address that is no
     * host's, so that another test does not take it either.
     */
    private static ServerSocket holdPort() {
        for (int port = 20_000 + (int) (System.nanoTime() % 10_000); ; port++) {
            try {
                new ServerSocket(port).close();
                return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.254"));
            } catch (IOException taken) {
                // The next one, then.
            }
        }
    }

    <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    /** A server at the address of that host, whose name is not told. */
    FakeSite site(int number, FakeSite.Script script) {
        return opened(FakeSite.always("127.0.0." + number, port, script));
    }

    /** A host that has its name, and takes everything. */
    FakeSite host(int number) {
        address(number);
        return site(number, MailExchanges::serve);
    }

    static void serve(FakeSite.Wire wire) throws IOException {
        wire.serve("250-PIPELINING\r\n");
    }

    /** The host is an exchange of the domain, whether a server is there or not. */
    void exchange(String domain, int number, int preference) {
        dns.mx(domain, preference, name(number));
        address(number);
    }

    private void address(int number) {
        dns.address(name(number), "127.0.0." + number);
    }

    private static String name(int number) {
        return "mx" + number + ".test";
    }

    /** As logs call the host. */
    static String label(int number) {
        return name(number) + "[127.0.0." + number + "]";
    }

    Courier courier() {
        return courier(Courier.settings());
    }

    /** Its port is that of the servers. */
    Courier courier(SmtpClientSettings base) {
        return courier(base, Courier.DNS_TIMEOUT);
    }

    /** One that a name server keeps waiting. */
    Courier courier(Duration dnsTimeout) {
        return courier(Courier.settings(), dnsTimeout);
    }

    private Courier courier(SmtpClientSettings base, Duration dnsTimeout) {
        SmtpClientSettings settings = new SmtpClientSettings(
                        base.myHostname(),
                        base.heloName(),
                        base.helloMode(),
                        base.skip5xxGreeting(),
                        port,
                        base.mxSessionLimit(),
                        base.lineBytesMax(),
                        base.mimeConversion(),
                        null,
                        null,
                        base.timeouts(),
                        base.reuse(),
                        base.fallbackRelay(),
                        false,
                        null)
                .withHabits(base.habits());
        return opened(new Courier(
                settings,
                ClientTls.NONE,
                Courier.routes(),
                new DnsSettings(List.of(dns.address()), dnsTimeout, 100),
                Epoll.isAvailable()));
    }

    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
