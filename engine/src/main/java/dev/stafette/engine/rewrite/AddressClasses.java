// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.DomainList;
import dev.stafette.engine.config.Settings;
import io.netty.util.NetUtil;
import java.net.InetAddress;
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

    public static AddressClasses of(Settings settings) {
        return new AddressClasses(
                settings.domains("mydestination"), settings.domains("relay_domains"), settings.ownAddresses());
    }

    public AddressClass classOf(MailAddress address) {
        String domain = address.domainKey();
        if (domain.isEmpty() || localDomains.contains(domain)) {
            return AddressClass.LOCAL;
        }
        if (domain.charAt(0) == '[' && isOwn(domain)) {
            return AddressClass.LOCAL;
        }
        return relayDomains.contains(domain) ? AddressClass.RELAY : AddressClass.OTHER;
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
