// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Metrics;

/**
 * Gives the percentiles of every stage, one a row, in the order in which a message passes them, and then every count.
 * Thread: admin.
 */
final class StatsCommand implements AdminCommand<AdminRequest.Stats> {
    private final Metrics metrics;

    StatsCommand(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void run(AdminRequest.Stats request, AdminAnswer answer) {
        metrics.summaries().forEach(stage -> answer.row(new AnswerRow.StageTimes(stage)));
        for (Count count : Count.values()) {
            answer.row(new AnswerRow.Counted(count, metrics.count(count)));
        }
        answer.done();
    }
}
