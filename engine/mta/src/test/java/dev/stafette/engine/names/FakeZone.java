// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.dns.MxRecord;
import io.netty.util.NetUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** A DNS in memory, which answers at once, or when a test says so. */
public final class FakeZone implements Dns {
    private record Owner(String name, DnsType<?> type) {}

    private final Map<Owner, List<Object>> records = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final Map<String, String> aliases = new HashMap<>();
    private boolean isLate;

    /** Answers that a late zone owes. */
    public final Queue<Runnable> owed = new ArrayDeque<>();

    /** Names that were asked for, in order. */
    public final List<String> asked = new ArrayList<>();

    private FakeZone add(String name, DnsType<?> type, Object record) {
        records.computeIfAbsent(new Owner(name, type), owner -> new ArrayList<>())
                .add(record);
        return this;
    }

    public FakeZone address(String name, String address) {
        return add(
                name,
                address.indexOf(':') >= 0 ? DnsType.AAAA : DnsType.A,
                NetUtil.createInetAddressFromIpAddressString(address));
    }

    public FakeZone mx(String name, int preference, String exchange) {
        return add(name, DnsType.MX, new MxRecord(preference, exchange));
    }

    public FakeZone ns(String name, String server) {
        return add(name, DnsType.NS, server);
    }

    public FakeZone text(String name, String text) {
        return add(name, DnsType.TXT, text);
    }

    public FakeZone pointer(String name, String host) {
        return add(name, DnsType.PTR, host);
    }

    /** Whatever is asked of the name is asked of the other. */
    public FakeZone alias(String name, String target) {
        aliases.put(name, target);
        return this;
    }

    /** Of what has no records. */
    public FakeZone fail(String name) {
        failing.add(name);
        return this;
    }

    public FakeZone late() {
        isLate = true;
        return this;
    }

    @Override
    public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
        asked.add(name);
        DnsAnswer<T> answer = answer(name, type);
        if (isLate) {
            owed.add(() -> then.accept(answer));
        } else {
            then.accept(answer);
        }
    }

    /** Records are added by their type. */
    @SuppressWarnings("unchecked")
    private <T> DnsAnswer<T> answer(String name, DnsType<T> type) {
        String target = aliases.get(name);
        if (target != null) {
            return answer(target, type);
        }
        List<T> found = (List<T>) records.getOrDefault(new Owner(name, type), List.of());
        if (found.isEmpty() && failing.contains(name)) {
            return new DnsAnswer<>(Outcome.TRY_AGAIN, List.of(), "", false, 0, "SERVFAIL");
        }
        return new DnsAnswer<>(found.isEmpty() ? Outcome.NO_SUCH_NAME : Outcome.FOUND, found, "", false, 0, "");
    }
}
