// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clients as {@code mynetworks} lists them: addresses, networks, and names of hosts and domains.
 * Thread: any (it does not change).
 *
 * <p>The first pattern that matches decides.
 */
public final class NetworkList {
    private final List<Network> networks = new ArrayList<>();
    private final DomainList names = new DomainList();

    private NetworkList() {}

    private record Network(IpNetwork network, int rank) {}

    static NetworkList read(List<String> words, Host host, boolean parentMatches) {
        NetworkList list = new NetworkList();
        int rank = 0;
        for (Patterns.Pattern pattern : Patterns.of(words, host)) {
            list.add(pattern, rank++, parentMatches);
        }
        return list;
    }

    private void add(Patterns.Pattern pattern, int rank, boolean parentMatches) {
        String text = pattern.text();
        int slash = text.lastIndexOf('/');
        InetAddress address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        int value = rank << 1 | (pattern.negated() ? 1 : 0);
        if (address != null) {
            byte[] bytes = address.getAddress();
            // Java reads [::ffff:127.0.0.0] as the IPv4 address that it stands for; Debian's main.cf has such a one.
            int mappedBits = bytes.length == 4 && text.indexOf(':') >= 0 ? 96 : 0;
            int length = slash < 0 ? bytes.length * 8 : prefixLength(text, slash + 1, mappedBits, bytes.length * 8);
            checkHostBits(text, bytes, length);
            networks.add(new Network(new IpNetwork(bytes, length), value));
        } else if (text.indexOf(':') > 0 && text.charAt(0) != '[') {
            throw Patterns.tableInList(text);
        } else if (slash >= 0 || text.charAt(0) == '[') {
            throw new ConfigException(text + " (expected: address/length, as 192.168.0.0/16 or [fd00::]/8)");
        } else {
            names.add(text, rank, pattern.negated(), parentMatches);
        }
    }

    /** {@code mappedBits}: what the prefix has before the address itself. */
    private static int prefixLength(String text, int from, int mappedBits, int max) {
        int length = -1;
        for (int i = from; i < text.length() && length <= mappedBits + max; i++) {
            int digit = text.charAt(i) - '0';
            length = digit < 0 || digit > 9 ? mappedBits + max + 1 : Math.max(length, 0) * 10 + digit;
        }
        if (length < mappedBits || length > mappedBits + max) {
            throw new ConfigException(
                    text + " (expected: a prefix length of " + mappedBits + ".." + (mappedBits + max) + ")");
        }
        return length - mappedBits;
    }

    /** A network with bits beyond its prefix is as likely a wrong length as a wrong address. */
    private static void checkHostBits(String text, byte[] address, int length) {
        byte[] network = IpNetwork.masked(address, length);
        InetAddress meant = IpText.of(network);
        if (!IpText.of(address).equals(meant)) {
            String shown = meant.getAddress().length == 4 ? IpText.format(meant) : "[" + IpText.format(meant) + "]";
            throw new ConfigException(
                    text + " (expected: no bits beyond the prefix; perhaps " + shown + "/" + length + ")");
        }
    }

    /** The name is in lower case; null for a client without a verified one. */
    public boolean contains(InetAddress client, @Nullable String clientName) {
        int best = clientName == null ? DomainList.NO_RANK : names.rankOf(clientName);
        byte[] bytes = client.getAddress();
        for (Network network : networks) {
            if (network.rank() >= best) {
                break;
            }
            if (network.network().contains(bytes)) {
                best = network.rank();
                break;
            }
        }
        return best != DomainList.NO_RANK && (best & 1) == 0;
    }

    /** Whether the name of a client matters. */
    public boolean hasNames() {
        return !names.isEmpty();
    }
}
