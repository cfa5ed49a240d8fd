// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The order in which the addresses of a destination are tried: by preference, at random within one (RFC 5321 §5.1).
 * Thread: event loop.
 */
final class AddressOrder {
    private static final Comparator<MailHost> BY_PREFERENCE = Comparator.comparingInt(MailHost::preference);

    private final RouteSettings settings;
    private final Random random;

    AddressOrder(RouteSettings settings, Random random) {
        this.settings = settings;
        this.random = random;
    }

    /** At most as many as the address limit allows; with room for both families where that is asked for. */
    List<MailHost> arrange(List<MailHost> hosts) {
        List<MailHost> order = new ArrayList<>(hosts);
        if (settings.randomizes()) {
            Collections.shuffle(order, random);
        }
        order.sort(
                settings.preference() == AddressPreference.ANY
                        ? BY_PREFERENCE
                        : BY_PREFERENCE.thenComparing(this::isSecondChoice));
        int limit = settings.mxAddressLimit() == 0 ? order.size() : Math.min(settings.mxAddressLimit(), order.size());
        if (limit < order.size() && limit > 1 && settings.balanceProtocols()) {
            leaveRoomForOtherFamily(order, limit);
        }
        return order.subList(0, limit);
    }

    private boolean isSecondChoice(MailHost host) {
        return isIpv4(host) != (settings.preference() == AddressPreference.IPV4);
    }

    /** Without this, five unreachable IPv6 addresses would hide the IPv4 one that works. */
    private static void leaveRoomForOtherFamily(List<MailHost> order, int limit) {
        boolean ipv4 = isIpv4(order.get(0));
        for (int i = 1; i < limit; i++) {
            if (isIpv4(order.get(i)) != ipv4) {
                return;
            }
        }
        for (int i = limit; i < order.size(); i++) {
            if (isIpv4(order.get(i)) != ipv4) {
                Collections.swap(order, limit - 1, i);
                return;
            }
        }
    }

    private static boolean isIpv4(MailHost host) {
        return host.address() instanceof Inet4Address;
    }
}
