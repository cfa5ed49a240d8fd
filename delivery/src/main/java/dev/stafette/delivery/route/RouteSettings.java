// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.delivery.dns.RecordFilter;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How next hops become addresses.
 * Thread: any (a value).
 *
 * @param dnsLookups false: hosts by the system's own means only, and no MX ({@code disable_dns_lookups})
 * @param dnssec answers that name servers have validated are asked for and believed ({@code smtp_dns_support_level})
 * @param nativeLookups hosts that DNS does not have are asked of the system, /etc/hosts included
 *     ({@code smtp_host_lookup = dns, native})
 * @param protocols {@code inet_protocols}
 * @param preference which family goes first among addresses of equal rank ({@code smtp_address_preference})
 * @param balanceProtocols within the address limit, leave room for both families
 *     ({@code smtp_balance_inet_protocols})
 * @param mxAddressLimit addresses tried in one attempt ({@code smtp_mx_address_limit}); 0: no limit
 * @param ignoreMxLookupError a failed MX look-up is as good as none ({@code ignore_mx_lookup_error})
 * @param deferIfNoMxAddressFound {@code smtp_defer_if_no_mx_address_found}
 * @param randomizes hosts of equal rank are tried in any order ({@code smtp_randomize_addresses})
 * @param filter records that are taken for not there ({@code smtp_dns_reply_filter}); null: none
 * @param myHostname an MX of this name is ourselves
 * @param ownAddresses addresses we listen on, {@code proxy_interfaces} included: an MX with one of them is ourselves
 */
public record RouteSettings(
        boolean dnsLookups,
        boolean dnssec,
        boolean nativeLookups,
        InetProtocols protocols,
        AddressPreference preference,
        boolean balanceProtocols,
        int mxAddressLimit,
        boolean ignoreMxLookupError,
        boolean deferIfNoMxAddressFound,
        boolean randomizes,
        @Nullable RecordFilter filter,
        String myHostname,
        Set<InetAddress> ownAddresses) {
    public enum InetProtocols {
        ALL,
        IPV4,
        IPV6
    }

    public enum AddressPreference {
        ANY,
        IPV4,
        IPV6
    }

    /** Hosts in any order, and all records. */
    public RouteSettings(
            boolean dnsLookups,
            boolean dnssec,
            boolean nativeLookups,
            InetProtocols protocols,
            AddressPreference preference,
            boolean balanceProtocols,
            int mxAddressLimit,
            boolean ignoreMxLookupError,
            boolean deferIfNoMxAddressFound,
            String myHostname,
            Set<InetAddress> ownAddresses) {
        this(
                dnsLookups,
                dnssec,
                nativeLookups,
                protocols,
                preference,
                balanceProtocols,
                mxAddressLimit,
                ignoreMxLookupError,
                deferIfNoMxAddressFound,
                true,
                null,
                myHostname,
                ownAddresses);
    }

    RouteSettings withoutShuffling() {
        return new RouteSettings(
                dnsLookups,
                dnssec,
                nativeLookups,
                protocols,
                preference,
                balanceProtocols,
                mxAddressLimit,
                ignoreMxLookupError,
                deferIfNoMxAddressFound,
                false,
                filter,
                myHostname,
                ownAddresses);
    }

    public RouteSettings withFilter(RecordFilter other) {
        return new RouteSettings(
                dnsLookups,
                dnssec,
                nativeLookups,
                protocols,
                preference,
                balanceProtocols,
                mxAddressLimit,
                ignoreMxLookupError,
                deferIfNoMxAddressFound,
                randomizes,
                other,
                myHostname,
                ownAddresses);
    }

    public RouteSettings {
        ownAddresses = Set.copyOf(ownAddresses);
        if (mxAddressLimit < 0) {
            throw new IllegalArgumentException("address limit: " + mxAddressLimit + " (expected: 0 for none, or more)");
        }
    }

    /** Postfix's defaults. */
    public static RouteSettings defaults(String myHostname) {
        return new RouteSettings(
                true,
                false,
                false,
                InetProtocols.ALL,
                AddressPreference.ANY,
                true,
                5,
                false,
                false,
                myHostname,
                Set.of());
    }
}
