// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.OutcomeListener;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands around a transport whose outcomes get another status and text by a table: smtp_delivery_status_filter and its like,
 * of whatever transport.
 * Thread: any; where a table takes its time, a worker waits for it.
 */
final class StatusFilterTransport implements Transport {
    /** By the command of a row. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "smtp", "smtp_delivery_status_filter",
            "lmtp", "lmtp_delivery_status_filter",
            "local", "local_delivery_status_filter",
            "virtual", "virtual_delivery_status_filter",
            "pipe", "pipe_delivery_status_filter");

    private final Transport inner;
    private final String parameter;
    private final List<Table> filter;
    private final Executor workers;
    private final Consumer<String> warnings;

    private StatusFilterTransport(
            Transport inner, String parameter, List<Table> filter, Executor workers, Consumer<String> warnings) {
        this.inner = inner;
        this.parameter = parameter;
        this.filter = filter;
        this.workers = workers;
        this.warnings = warnings;
    }

    /** The transport itself where there is no filter. {@code command}: of its row, whose settings these are. */
    static Transport around(
            Transport inner,
            String command,
            Settings settings,
            ListTables tables,
            Executor workers,
            Consumer<String> warnings) {
        String parameter = PARAMETERS.get(command);
        if (parameter == null) {
            return inner;
        }
        List<Table> filter = settings.tables(parameter, tables);
        return filter.isEmpty() ? inner : new StatusFilterTransport(inner, parameter, filter, workers, warnings);
    }

    @Override
    public void deliver(DeliveryRequest request) {
        OutcomeListener listener = request.listener();
        inner.deliver(
                request.with((asked, report) -> filter(report, changed -> listener.onAttempted(request, changed))));
    }

    private void filter(DeliveryReport report, Consumer<DeliveryReport> then) {
        DeliveryReport changed = filtered(report, Inquiry.AT_ONCE);
        if (changed != null) {
            then.accept(changed);
            return;
        }
        try {
            workers.execute(() -> {
                DeliveryReport late = filtered(report, Inquiry.BLOCKING);
                then.accept(late == null ? report : late);
            });
        } catch (RejectedExecutionException stopping) {
            then.accept(report);
        }
    }

    /** Null where that cannot be told now. */
    private @Nullable DeliveryReport filtered(DeliveryReport report, Inquiry inquiry) {
        DeliveryOutcome[] outcomes = new DeliveryOutcome[report.outcomes().length];
        for (int i = 0; i < outcomes.length; i++) {
            DeliveryOutcome outcome = report.outcomes()[i];
            TableAnswer answer = AddressKeys.findKey(filter, outcome.status() + " " + outcome.text(), inquiry);
            if (answer.isUnavailable()) {
                if (!inquiry.mayBlock()) {
                    return null;
                }
                warnings.accept(parameter + ": lookup error");
            }
            outcomes[i] = answer.isFound() ? changed(outcome, answer.value()) : outcome;
        }
        return Arrays.equals(outcomes, report.outcomes()) ? report : report.with(outcomes);
    }

    /** Failures may become failures for now and back, and successes other successes. */
    private DeliveryOutcome changed(DeliveryOutcome outcome, String value) {
        EnhancedStatus status = EnhancedStatus.parsePrefix(value);
        boolean isDelivered = outcome.kind() == Kind.DELIVERED;
        if (status == null || isDelivered != (status.statusClass() == 2)) {
            warnings.accept(parameter + ": bad status code: " + value);
            return outcome;
        }
        Kind kind = isDelivered ? Kind.DELIVERED : status.statusClass() == 4 ? Kind.DEFERRED : Kind.BOUNCED;
        return outcome.with(
                kind, status, value.substring(status.toString().length()).strip());
    }

    @Override
    public void retire(Runnable onIdle) {
        inner.retire(onIdle);
    }

    @Override
    public void close() {
        inner.close();
    }
}
