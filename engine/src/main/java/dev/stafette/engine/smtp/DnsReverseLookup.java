// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the DNS for the name of an address, and whether that name has this address: anybody may claim any name for his own
 * addresses.
 * Thread: event loop.
 */
final class DnsReverseLookup implements ReverseLookup {
    /** RFC 1035 §2.3.4, in text. */
    private static final int NAME_LENGTH_MAX = 253;

    private static final String HEX = "0123456789abcdef";

    private final EventLoop loop;
    private final List<InetSocketAddress> servers;

    // Owned by the loop: made when it is first needed, for it takes a socket.
    private @Nullable DnsNameResolver resolver;

    /** @param servers empty: those of the system */
    DnsReverseLookup(EventLoop loop, List<InetSocketAddress> servers) {
        this.loop = loop;
        this.servers = servers;
    }

    @Override
    public void find(InetAddress address, Consumer<@Nullable String> then) {
        DefaultDnsQuestion question = new DefaultDnsQuestion(reverseName(address), DnsRecordType.PTR);
        resolver().query(question).addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> future) -> {
            String name = future.isSuccess() ? nameIn(future.getNow()) : null;
            if (name == null) {
                then.accept(null);
            } else {
                verify(name, address, then);
            }
        });
    }

    private DnsNameResolver resolver() {
        DnsNameResolver known = resolver;
        if (known == null) {
            DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                    .datagramChannelType(LoopChannels.datagrams(loop))
                    .socketChannelType(LoopChannels.sockets(loop));
            if (!servers.isEmpty()) {
                builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
            }
            known = builder.build();
            resolver = known;
        }
        return known;
    }

    private static @Nullable String nameIn(AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) {
        try {
            DnsResponse response = envelope.content();
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                if (response.recordAt(DnsSection.ANSWER, i) instanceof DnsPtrRecord pointer) {
                    return hostName(pointer.hostname());
                }
            }
            return null;
        } finally {
            envelope.release();
        }
    }

    /** In lower case without the final dot; null for what is no host name, or looks like an address. */
    static @Nullable String hostName(String text) {
        String name = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX || name.startsWith(".") || name.contains("..")) {
            return null;
        }
        boolean letters = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c == '-' || c == '_';
            if (!letter && c != '.' && (c < '0' || c > '9')) {
                return null;
            }
            letters |= letter;
        }
        return letters ? name : null;
    }

    private void verify(String name, InetAddress address, Consumer<@Nullable String> then) {
        // The dot keeps the resolver from trying the name within our own domain.
        resolver()
                .resolveAll(name + '.')
                .addListener((Future<List<InetAddress>> future) ->
                        then.accept(future.isSuccess() && future.getNow().contains(address) ? name : null));
    }

    /** RFC 1035 §3.5, RFC 3596 §2.5. */
    static String reverseName(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder(80);
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes.length == 4) {
                name.append(bytes[i] & 0xff).append('.');
            } else {
                name.append(HEX.charAt(bytes[i] & 0xf)).append('.');
                name.append(HEX.charAt(bytes[i] >> 4 & 0xf)).append('.');
            }
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa." : "ip6.arpa.").toString();
    }

    @Override
    public void close() {
        if (resolver != null) {
            resolver.close();
        }
    }
}
