// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * Tells the classes of addresses apart.
 * Thread: any (it does not change).
 */
public final class AddressClasses {
    private static final String IPV6_TAG = "IPv6:";

    private final DomainList localDomains;
    private final DomainList relayDomains;
    private final Set<InetAddress> ownAddresses;

    /**
     * @param localDomains {@code mydestination}
     * @param ownAddresses {@code inet_interfaces} and {@code proxy_interfaces}
     */
    public AddressClasses(DomainList localDomains, DomainList relayDomains, Set<InetAddress> ownAddresses) {
        this.localDomains = localDomains;
        this.relayDomains = relayDomains;
        this.ownAddresses = Set.copyOf(ownAddresses);
    }

    /** {@code tables}: opens those that the lists name. */
    public static AddressClasses of(Settings settings, ListTables tables) {
        return new AddressClasses(
                settings.domains("mydestination", tables),
                settings.domains("relay_domains", tables),
                settings.ownAddresses());
    }

    public AddressClass classOf(MailAddress address, Inquiry inquiry) {
        String domain = address.domainKey();
        Finding local = isLocal(domain, inquiry);
        if (local != Finding.NOT_FOUND) {
            return local == Finding.FOUND ? AddressClass.LOCAL : AddressClass.UNKNOWN;
        }
        return switch (relayDomains.find(domain, inquiry)) {
            case FOUND -> AddressClass.RELAY;
            case NOT_FOUND -> AddressClass.OTHER;
            case UNAVAILABLE -> AddressClass.UNKNOWN;
        };
    }

    /** Whether mail to the domain, which may be a literal or empty, ends here. */
    public Finding isLocal(String domain, Inquiry inquiry) {
        return isNamedLocal(domain) ? Finding.FOUND : localDomains.find(domain.toLowerCase(Locale.ROOT), inquiry);
    }

    /** As {@link #classOf}, as far as that can be told without tables; never blocks, and never UNKNOWN. */
    public AddressClass writtenClassOf(MailAddress address) {
        String domain = address.domainKey();
        if (isNamedLocal(domain) || localDomains.names(domain)) {
            return AddressClass.LOCAL;
        }
        return relayDomains.names(domain) ? AddressClass.RELAY : AddressClass.OTHER;
    }

    private boolean isNamedLocal(String domain) {
        return domain.isEmpty() || domain.charAt(0) == '[' && isOwn(domain);
    }

    /** RFC 5321 §4.1.3. */
    private boolean isOwn(String literal) {
        int from = literal.regionMatches(true, 1, IPV6_TAG, 0, IPV6_TAG.length()) ? 1 + IPV6_TAG.length() : 1;
        InetAddress address =
                NetUtil.createInetAddressFromIpAddressString(literal.substring(from, literal.length() - 1));
        return address != null && ownAddresses.contains(address);
    }

    public boolean isOwn(InetAddress address) {
        return ownAddresses.contains(address);
    }
}
