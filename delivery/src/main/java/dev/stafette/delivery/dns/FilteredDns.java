// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers without the records that a filter drops. Where that drops all of them, nobody knows what the answer is.
 * Thread: that of its source.
 */
public final class FilteredDns implements Dns {
    /** Why there is no answer where the filter drops every record. */
    public static final String DROPS_ALL = "DNS reply filter drops all results";

    private static final String UNKNOWN = "Invalid DNS reply filter syntax";

    private final Dns source;
    private final RecordFilter filter;

    public FilteredDns(Dns source, RecordFilter filter) {
        this.source = source;
        this.filter = filter;
    }

    @Override
    public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
        source.ask(name, type, answer -> then.accept(filtered(type, answer)));
    }

    private <T> DnsAnswer<T> filtered(DnsType<T> type, DnsAnswer<T> answer) {
        if (answer.outcome() != Outcome.FOUND) {
            return answer;
        }
        String start = answer.name() + ". " + answer.timeToLiveSeconds() + " IN " + type + " ";
        List<T> left = new ArrayList<>();
        for (T record : answer.records()) {
            switch (filter.rule(start + value(type, record))) {
                case KEEP -> left.add(record);
                case DROP -> {}
                case UNKNOWN -> {
                    return DnsAnswer.tryAgain(UNKNOWN, answer.timeToLiveSeconds());
                }
            }
        }
        if (left.size() == answer.records().size()) {
            return answer;
        }
        return left.isEmpty()
                ? DnsAnswer.tryAgain(DROPS_ALL, answer.timeToLiveSeconds())
                : DnsAnswer.found(left, answer.name(), answer.authentic(), answer.timeToLiveSeconds());
    }

    private static String value(DnsType<?> type, Object record) {
        if (record instanceof InetAddress address) {
            return NetUtil.toAddressString(address);
        }
        if (record instanceof MxRecord mx) {
            return mx.preference() + " " + mx.exchange() + ".";
        }
        if (record instanceof SrvRecord srv) {
            return srv.priority() + " " + srv.weight() + " " + srv.port() + " " + srv.target() + ".";
        }
        if (record instanceof TlsaRecord tlsa) {
            return tlsa.usage() + " " + tlsa.selector() + " " + tlsa.matchingType() + " " + tlsa.data();
        }
        return type == DnsType.TXT ? record.toString() : record + ".";
    }
}
