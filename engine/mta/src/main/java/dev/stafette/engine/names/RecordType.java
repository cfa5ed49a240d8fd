// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Records that judgements ask for, and how an answer says them: one a line.
 * Thread: any (constants).
 */
public enum RecordType {
    A(new Asking<>(DnsType.A, IpText::format)),
    AAAA(new Asking<>(DnsType.AAAA, IpText::format)),
    /** The preference and the host, which is empty for a null MX (RFC 7505 §3). */
    MX(new Asking<>(DnsType.MX, mx -> mx.preference() + " " + mx.exchange())),
    PTR(new Asking<>(DnsType.PTR, Function.identity())),
    NS(new Asking<>(DnsType.NS, Function.identity())),
    /** A line feed within one becomes another control character: white space in a reply, and a mistake in an SPF record. */
    TXT(new Asking<>(DnsType.TXT, text -> text.replace('\n', '\t')));

    public static final List<RecordType> ADDRESSES = List.of(A, AAAA);

    private record Asking<T>(DnsType<T> type, Function<T, String> format) {
        void ask(Dns dns, String name, Consumer<TableAnswer> then) {
            dns.ask(name, type, answer -> then.accept(tableAnswer(answer)));
        }

        private TableAnswer tableAnswer(DnsAnswer<T> answer) {
            return switch (answer.outcome()) {
                case FOUND ->
                    TableAnswer.found(answer.records().stream().map(format).collect(Collectors.joining("\n")));
                case NO_DATA, NO_SUCH_NAME -> TableAnswer.notFound();
                case TRY_AGAIN -> TableAnswer.unavailable(answer.reason());
            };
        }
    }

    private final Asking<?> asking;

    RecordType(Asking<?> asking) {
        this.asking = asking;
    }

    void ask(Dns dns, String name, Consumer<TableAnswer> then) {
        asking.ask(dns, name, then);
    }
}
