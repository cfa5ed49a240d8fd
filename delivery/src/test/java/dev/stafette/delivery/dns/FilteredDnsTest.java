// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.RecordFilter.Ruling;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FilteredDnsTest {
    private static final InetAddress ONE = NetUtil.createInetAddressFromIpAddressString("192.0.2.1");
    private static final InetAddress OTHER = NetUtil.createInetAddressFromIpAddressString("192.0.2.2");

    private final List<String> seen = new ArrayList<>();

    private static Dns answering(DnsAnswer<?> answer) {
        return new Dns() {
            @Override
            @SuppressWarnings("unchecked")
            public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
                then.accept((DnsAnswer<T>) answer);
            }
        };
    }

    private <T> DnsAnswer<T> ask(DnsAnswer<T> answer, DnsType<T> type, String dropped) {
        List<DnsAnswer<T>> got = new ArrayList<>();
        new FilteredDns(answering(answer), record -> {
                    seen.add(record);
                    return record.contains("odd")
                            ? Ruling.UNKNOWN
                            : record.contains(dropped) ? Ruling.DROP : Ruling.KEEP;
                })
                .ask("a.test", type, got::add);
        return got.get(0);
    }

    @Test
    void leavesOutWhatTheFilterDrops() {
        DnsAnswer<InetAddress> answer =
                ask(DnsAnswer.found(List.of(ONE, OTHER), "a.test", false, 60), DnsType.A, "192.0.2.1");
        assertEquals(List.of(OTHER), answer.records());
        assertEquals(List.of("a.test. 60 IN A 192.0.2.1", "a.test. 60 IN A 192.0.2.2"), seen);
    }

    @Test
    void showsMailExchangesAsAZoneDoes() {
        ask(DnsAnswer.found(List.of(new MxRecord(10, "mx.a.test")), "a.test", false, 60), DnsType.MX, "nothing");
        assertEquals(List.of("a.test. 60 IN MX 10 mx.a.test."), seen);
    }

    @Test
    void showsNamesWithADotAndTextsWithout() {
        ask(DnsAnswer.found(List.of("ns.a.test"), "a.test", false, 60), DnsType.NS, "nothing");
        ask(DnsAnswer.found(List.of("a text"), "a.test", false, 60), DnsType.TXT, "nothing");
        ask(DnsAnswer.found(List.of(new TlsaRecord(3, 1, 1, "0aff")), "a.test", true, 60), DnsType.TLSA, "nothing");
        assertEquals(
                List.of("a.test. 60 IN NS ns.a.test.", "a.test. 60 IN TXT a text", "a.test. 60 IN TLSA 3 1 1 0aff"),
                seen);
    }

    @Test
    void knowsNothingWhereTheFilterCannotTell() {
        DnsAnswer<String> answer =
                ask(DnsAnswer.found(List.of("one", "odd", "two"), "a.test", false, 60), DnsType.TXT, "nothing");
        assertEquals("Invalid DNS reply filter syntax", answer.reason());
    }

    @Test
    void knowsNothingWhereAllIsDropped() {
        assertEquals(
                Outcome.TRY_AGAIN,
                ask(DnsAnswer.found(List.of(ONE), "a.test", false, 60), DnsType.A, "192.0.2")
                        .outcome());
    }

    @Test
    void passesOnWhatHasNoRecords() {
        DnsAnswer<InetAddress> none = DnsAnswer.none(Outcome.NO_SUCH_NAME, false, 60);
        assertEquals(none, ask(none, DnsType.A, ""));
        assertEquals(List.of(), seen);
    }
}
