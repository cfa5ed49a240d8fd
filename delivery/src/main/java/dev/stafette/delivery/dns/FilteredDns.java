// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers without the records that a filter drops. Where that drops all of them, nobody knows what the answer is.
 * Thread: event loop.
 */
public final class FilteredDns implements Dns {
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
        List<T> left = answer.records().stream()
                .filter(record -> !filter.drops(start + value(record)))
                .toList();
        if (left.size() == answer.records().size()) {
            return answer;
        }
        return left.isEmpty()
                ? DnsAnswer.tryAgain("DNS reply filter drops all results", answer.timeToLiveSeconds())
                : DnsAnswer.found(left, answer.name(), answer.authentic(), answer.timeToLiveSeconds());
    }

    private static String value(Object record) {
        if (record instanceof InetAddress address) {
            return NetUtil.toAddressString(address);
        }
        return record instanceof MxRecord mx ? mx.preference() + " " + mx.exchange() + "." : record.toString();
    }
}
