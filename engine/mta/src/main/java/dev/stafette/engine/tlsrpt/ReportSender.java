// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a report to all places where its domain wants it, as DNS has them now.
 * Thread: any.
 */
final class ReportSender {
    private final Dns dns;
    private final ReportPost post;
    private final Executor workers;
    private final LongSupplier wallClock;
    private final Consumer<String> notices;

    /** Set before the first report is due. */
    private final AtomicReference<@Nullable ReportMailbox> mailbox = new AtomicReference<>();

    /**
     * @param dns for any thread
     * @param workers pack reports
     * @param notices get what is logged
     */
    ReportSender(Dns dns, ReportPost post, Executor workers, LongSupplier wallClock, Consumer<String> notices) {
        this.dns = dns;
        this.post = post;
        this.workers = workers;
        this.wallClock = wallClock;
        this.notices = notices;
    }

    void open(ReportMailbox opened) {
        mailbox.set(opened);
    }

    /** {@code then}: hears once whether that is the end of it: somebody has it, or nobody wants it. Any thread. */
    void send(DayReport report, Consumer<Boolean> then) {
        dns.ask("_smtp._tls." + report.domain(), DnsType.TXT, answer -> onRecords(report, answer, then));
    }

    private void onRecords(DayReport report, DnsAnswer<String> answer, Consumer<Boolean> then) {
        if (answer.outcome() == Outcome.TRY_AGAIN) {
            then.accept(false);
            return;
        }
        List<String> places = ReportRequest.parse(answer.records()).places();
        if (places.isEmpty()) {
            then.accept(true);
            return;
        }
        try {
            workers.execute(() -> sendTo(places, report, then));
        } catch (RejectedExecutionException e) {
            then.accept(false);
        }
    }

    private void sendTo(List<String> places, DayReport report, Consumer<Boolean> then) {
        byte[] packed = report.packed();
        AtomicInteger open = new AtomicInteger(places.size());
        AtomicInteger arrived = new AtomicInteger();
        for (String place : places) {
            send(place, report, packed, failure -> {
                notices.accept("report for " + report.domain() + " to " + place.replaceAll("[^ -~]", "?") + ": "
                        + (failure == null ? "sent, id=" + report.id() : "not sent (" + failure + ')'));
                if (failure == null) {
                    arrived.incrementAndGet();
                }
                if (open.decrementAndGet() == 0) {
                    then.accept(arrived.get() > 0);
                }
            });
        }
    }

    private void send(String place, DayReport report, byte[] packed, Consumer<@Nullable String> then) {
        if (place.toLowerCase(Locale.ROOT).startsWith("https:")) {
            post.send(place, packed, then);
            return;
        }
        MailAddress reader = ReportMail.reader(place);
        ReportMailbox way = mailbox.get();
        if (reader == null || way == null) {
            then.accept(way == null ? "there is no queue" : "no address");
        } else {
            way.send(report, packed, reader, wallClock.getAsLong(), then);
        }
    }
}
