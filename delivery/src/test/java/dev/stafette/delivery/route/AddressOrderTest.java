// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressOrderTest {
    private static MailHost host(int preference, String address) {
        return new MailHost("mx.test", NetUtil.createInetAddressFromIpAddressString(address), preference);
    }

    private static AddressOrder order(AddressPreference preference, boolean balance, int limit) {
        return new AddressOrder(
                new RouteSettings(
                        true,
                        false,
                        false,
                        InetProtocols.ALL,
                        preference,
                        balance,
                        limit,
                        false,
                        false,
                        "relay.test",
                        Set.of()),
                new Random(1));
    }

    @Test
    void keepsTheOrderOfTheAnswerWhereItIsNotToShuffle() {
        RouteSettings settings = RouteSettings.defaults("relay.test").withoutShuffling();
        List<MailHost> hosts = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            hosts.add(host(10, "192.0.2." + i));
        }
        for (int seed = 0; seed < 20; seed++) {
            assertEquals(addresses(hosts), addresses(new AddressOrder(settings, new Random(seed)).arrange(hosts)));
        }
    }

    private static List<String> addresses(List<MailHost> hosts) {
        return hosts.stream()
                .map(host -> NetUtil.toAddressString(host.address()))
                .toList();
    }

    private static final List<MailHost> BOTH = List.of(host(10, "192.0.2.1"), host(10, "2001:db8::1"));

    @Test
    void putsThePreferredFamilyFirst() {
        for (int i = 0; i < 20; i++) {
            assertEquals(
                    List.of("192.0.2.1", "2001:db8::1"),
                    addresses(order(AddressPreference.IPV4, true, 5).arrange(BOTH)));
            assertEquals(
                    List.of("2001:db8::1", "192.0.2.1"),
                    addresses(order(AddressPreference.IPV6, true, 5).arrange(BOTH)));
        }
    }

    @Test
    void putsPreferenceBeforeFamily() {
        List<MailHost> hosts = List.of(host(20, "2001:db8::1"), host(10, "192.0.2.1"));
        assertEquals(
                List.of("192.0.2.1", "2001:db8::1"),
                addresses(order(AddressPreference.IPV6, true, 5).arrange(hosts)));
    }

    @Test
    void mixesFamiliesWithoutPreference() {
        Set<List<String>> orders = new HashSet<>();
        AddressOrder order = order(AddressPreference.ANY, true, 5);
        for (int i = 0; i < 50; i++) {
            orders.add(addresses(order.arrange(BOTH)));
        }
        assertEquals(2, orders.size());
    }

    @Test
    void leavesRoomForTheOtherFamily() {
        List<MailHost> hosts = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            hosts.add(host(10, "2001:db8::" + i));
        }
        hosts.add(host(10, "192.0.2.1"));
        for (int i = 0; i < 20; i++) {
            List<String> chosen =
                    addresses(order(AddressPreference.IPV6, true, 5).arrange(hosts));
            assertEquals(5, chosen.size());
            assertTrue(chosen.contains("192.0.2.1"));
            assertEquals(
                    "192.0.2.1",
                    addresses(order(AddressPreference.IPV6, false, 0).arrange(hosts))
                            .get(5));
            assertEquals(
                    5,
                    order(AddressPreference.IPV6, false, 5).arrange(hosts).stream()
                            .filter(host -> host.address().getAddress().length == 16)
                            .count());
        }
    }
}
