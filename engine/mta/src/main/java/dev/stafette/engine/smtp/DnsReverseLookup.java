// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.table.Finding;
import java.net.Inet4Address;
import java.net.InetAddress;
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

    private final Dns dns;

    DnsReverseLookup(Dns dns) {
        this.dns = dns;
    }

    @Override
    public void find(InetAddress address, Consumer<ClientName> then) {
        dns.ask(reverseName(address), DnsType.PTR, answer -> {
            String name = answer.records().isEmpty()
                    ? null
                    : hostName(answer.records().get(0));
            if (name == null) {
                then.accept(
                        answer.outcome() == DnsAnswer.Outcome.TRY_AGAIN ? ClientName.UNAVAILABLE : ClientName.UNKNOWN);
            } else {
                verify(name, address, then);
            }
        });
    }

    /** Null for what is no host name, or looks like an address. */
    static @Nullable String hostName(String name) {
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

    private void verify(String name, InetAddress address, Consumer<ClientName> then) {
        dns.ask(
                name,
                address instanceof Inet4Address ? DnsType.A : DnsType.AAAA,
                answer -> then.accept(
                        answer.records().contains(address)
                                ? ClientName.of(name)
                                : ClientName.unverified(
                                        name,
                                        answer.outcome() == DnsAnswer.Outcome.TRY_AGAIN
                                                ? Finding.UNAVAILABLE
                                                : Finding.NOT_FOUND)));
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
        return name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
