// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.IpNetwork;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clients as {@code mynetworks} lists them: addresses, networks, names of hosts and domains, and tables that have a name
 * or an address as key.
 * Thread: any (it does not change).
 *
 * <p>The first pattern that matches decides; tables are asked when nothing before them did.
 */
public final class NetworkList {
    private final List<Network> networks = new ArrayList<>();
    private final DomainRanks names = new DomainRanks();
    private final List<RankedTable> tables = new ArrayList<>();

    private NetworkList() {}

    /** {@code rank}: as in {@link DomainRanks}. */
    private record Network(IpNetwork network, int rank) {}

    public static NetworkList read(List<String> words, Host host, boolean parentMatches, ListTables tables) {
        NetworkList list = new NetworkList();
        Subdomains subdomains = Subdomains.of(parentMatches);
        int place = 0;
        for (Patterns.Pattern pattern : Patterns.of(words, host::read)) {
            list.add(pattern, DomainRanks.rank(place++, pattern.negated()), subdomains, tables);
        }
        return list;
    }

    private void add(Patterns.Pattern pattern, int rank, Subdomains subdomains, ListTables opener) {
        String text = pattern.folded();
        int slash = text.lastIndexOf('/');
        InetAddress address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
        if (address != null) {
            byte[] bytes = address.getAddress();
            // Java reads [::ffff:127.0.0.0] as the IPv4 address that it stands for; Debian's main.cf has such a one.
            int mappedBits = bytes.length == 4 && text.indexOf(':') >= 0 ? 96 : 0;
            int length = slash < 0 ? bytes.length * 8 : prefixLength(text, slash + 1, mappedBits, bytes.length * 8);
            checkHostBits(text, bytes, length);
            networks.add(new Network(new IpNetwork(bytes, length), rank));
        } else if (pattern.isTable()) {
            tables.add(new RankedTable(opener.open(pattern.text()), rank, subdomains));
        } else if (slash >= 0 || text.charAt(0) == '[') {
            throw new ConfigException(text + " (expected: address/length, as 192.168.0.0/16 or [fd00::]/8)");
        } else {
            names.add(text, rank, subdomains);
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
    public Finding find(InetAddress client, @Nullable String clientName, Inquiry inquiry) {
        int best = Math.min(clientName == null ? DomainRanks.NONE : names.of(clientName), rankOf(client));
        for (int i = 0; i < tables.size() && tables.get(i).rank() < best; i++) {
            Finding found = has(tables.get(i), client, clientName, inquiry);
            if (found != Finding.NOT_FOUND) {
                return tables.get(i).meaning(found);
            }
        }
        return DomainRanks.meaning(best);
    }

    private int rankOf(InetAddress client) {
        byte[] bytes = client.getAddress();
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).network().contains(bytes)) {
                return networks.get(i).rank();
            }
        }
        return DomainRanks.NONE;
    }

    private static Finding has(RankedTable table, InetAddress client, @Nullable String clientName, Inquiry inquiry) {
        Finding named = clientName == null ? Finding.NOT_FOUND : table.hasDomain(clientName, inquiry);
        return named == Finding.NOT_FOUND ? table.has(IpText.format(client), inquiry) : named;
    }
}
