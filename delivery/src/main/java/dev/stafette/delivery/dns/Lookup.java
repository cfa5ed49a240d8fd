// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.Exchange.Extension;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * One question on its way: asks the servers in turn until one answers, and again where an alias leads elsewhere.
 * Thread: event loop.
 */
final class Lookup<T> implements Exchange.Listener {
    /** Each server is asked this often. */
    static final int ROUNDS = 2;

    /** RFC 1034 §5.2.2 asks to stop a chain of aliases somewhere. */
    static final int ALIASES_MAX = 10;

    /** RFC 9520 §3.2: nobody asks again within a second of a failure. */
    static final long FAILURE_SECONDS = 1;

    private final DnsClient client;
    private final Question question;
    private final DnsType<T> type;
    private final List<Consumer<DnsAnswer<T>>> waiting = new ArrayList<>(1);
    private final long deadlineNs;

    // Owned by the loop.
    private Name name;
    private int aliasesLeft = ALIASES_MAX;
    private long secondsLeft = ResponseReader.SECONDS_MAX;
    private boolean authentic;
    private Extension extension;
    private int queryCount;
    private String lastFailure = "";
    private @Nullable Exchange exchange;

    /** @param name the question's, as bytes */
    Lookup(DnsClient client, Question question, DnsType<T> type, Name name, long deadlineNs) {
        this.client = client;
        this.question = question;
        this.type = type;
        this.name = name;
        this.deadlineNs = deadlineNs;
        this.authentic = question.authenticated();
        this.extension = question.authenticated() ? Extension.DNSSEC : Extension.SIZE;
    }

    Question question() {
        return question;
    }

    List<Consumer<DnsAnswer<T>>> waiting() {
        return waiting;
    }

    /** Also after a failure, whose reason the last server gave. */
    void askNextServer() {
        List<InetSocketAddress> servers = client.servers();
        long timeoutNs = Math.min(client.queryTimeoutNs(), deadlineNs - client.nowNs());
        if (queryCount == servers.size() * ROUNDS) {
            client.end(this, DnsAnswer.tryAgain(lastFailure, FAILURE_SECONDS));
        } else if (timeoutNs <= 0) {
            client.end(this, DnsAnswer.tryAgain(lastFailure.isEmpty() ? "too many questions" : lastFailure, 0));
        } else {
            InetSocketAddress server = servers.get(queryCount % servers.size());
            queryCount++;
            exchange = new Exchange(client.network(), server, name, type.code(), extension, timeoutNs, this);
            exchange.start();
        }
    }

    @Override
    public void onFailure(String reason) {
        InetSocketAddress server =
                client.servers().get((queryCount - 1) % client.servers().size());
        lastFailure = server.getAddress().getHostAddress() + ":" + server.getPort() + ": " + reason;
        askNextServer();
    }

    @Override
    public void onAnswer(Message response) {
        int code = response.getHeader().getRcode();
        if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
            read(response);
        } else if (extension != Extension.NONE && (code == Rcode.FORMERR || code == Rcode.NOTIMP)) {
            // RFC 6891 §7: it is older than extensions.
            extension = Extension.NONE;
            queryCount--;
            askNextServer();
        } else {
            onFailure(Rcode.string(response.getRcode()));
        }
    }

    private void read(Message response) {
        if (ResponseReader.isLame(response)) {
            onFailure("does not answer questions");
            return;
        }
        authentic &= response.getHeader().getFlag(Flags.AD);
        ResponseReader<T> reader = new ResponseReader<>(response, name, type, aliasesLeft, secondsLeft);
        DnsAnswer<T> answer = reader.read(authentic);
        if (answer == null) {
            client.end(this, DnsAnswer.tryAgain("aliases without end", FAILURE_SECONDS));
        } else if (answer.outcome() == Outcome.NO_DATA
                && reader.aliasesLeft() < aliasesLeft
                && !reader.isConclusive()) {
            name = reader.name();
            aliasesLeft = reader.aliasesLeft();
            secondsLeft = Math.min(secondsLeft, answer.timeToLiveSeconds());
            queryCount = 0;
            askNextServer();
        } else {
            client.end(this, answer);
        }
    }

    void cancel() {
        if (exchange != null) {
            exchange.cancel();
        }
    }
}
