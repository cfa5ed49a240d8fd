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
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the classes of addresses apart: the first list that has the domain decides.
 * Thread: any (it does not change).
 */
public final class AddressClasses {
    private static final String IPV6_TAG = "IPv6:";

    /** In the order in which they are asked; the first is {@code mydestination}. */
    private final List<ClassDomains> lists;

    private final Set<InetAddress> ownAddresses;
    private final @Nullable DomainOverlaps overlaps;

    private AddressClasses(List<ClassDomains> lists, Set<InetAddress> ownAddresses, @Nullable DomainOverlaps overlaps) {
        this.lists = List.copyOf(lists);
        this.ownAddresses = Set.copyOf(ownAddresses);
        this.overlaps = overlaps;
    }

    /**
     * Without virtual domains.
     *
     * @param localDomains {@code mydestination}
     * @param ownAddresses {@code inet_interfaces} and {@code proxy_interfaces}
     */
    public AddressClasses(DomainList localDomains, DomainList relayDomains, Set<InetAddress> ownAddresses) {
        this(
                List.of(
                        new ClassDomains(AddressClass.LOCAL, "mydestination", localDomains),
                        new ClassDomains(AddressClass.RELAY, "relay_domains", relayDomains)),
                ownAddresses,
                null);
    }

    /** {@code tables}: opens those that the lists name. */
    public static AddressClasses of(Settings settings, ListTables tables) {
        return new AddressClasses(
                List.of(
                        read(AddressClass.LOCAL, settings, "mydestination", tables),
                        read(AddressClass.VIRTUAL_ALIAS, settings, "virtual_alias_domains", tables),
                        read(AddressClass.VIRTUAL_MAILBOX, settings, "virtual_mailbox_domains", tables),
                        read(AddressClass.RELAY, settings, "relay_domains", tables)),
                settings.ownAddresses(),
                null);
    }

    private static ClassDomains read(AddressClass of, Settings settings, String parameter, ListTables tables) {
        return new ClassDomains(of, parameter, settings.domains(parameter, tables));
    }

    /** The same, which say of a domain that is in two lists that it is. */
    public AddressClasses withWarnings(Consumer<String> warnings) {
        return new AddressClasses(lists, ownAddresses, new DomainOverlaps(lists, warnings));
    }

    public AddressClass classOf(MailAddress address, Inquiry inquiry) {
        String domain = address.domainKey();
        if (isNamedLocal(domain)) {
            return AddressClass.LOCAL;
        }
        for (int i = 0; i < lists.size(); i++) {
            Finding found = lists.get(i).find(domain, inquiry);
            if (found == Finding.UNAVAILABLE) {
                return AddressClass.UNKNOWN;
            }
            if (found == Finding.FOUND) {
                if (overlaps != null) {
                    overlaps.onFound(domain, i);
                }
                return lists.get(i).addressClass();
            }
        }
        return AddressClass.OTHER;
    }

    /** Whether mail to the domain, which may be a literal or empty, ends here. */
    public Finding isLocal(String domain, Inquiry inquiry) {
        return isNamedLocal(domain) ? Finding.FOUND : lists.get(0).find(domain.toLowerCase(Locale.ROOT), inquiry);
    }

    /** As {@link #classOf}, as far as that can be told without tables; never blocks, and never UNKNOWN. */
    public AddressClass writtenClassOf(MailAddress address) {
        String domain = address.domainKey();
        if (isNamedLocal(domain)) {
            return AddressClass.LOCAL;
        }
        for (ClassDomains list : lists) {
            if (list.domains().names(domain)) {
                return list.addressClass();
            }
        }
        return AddressClass.OTHER;
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
