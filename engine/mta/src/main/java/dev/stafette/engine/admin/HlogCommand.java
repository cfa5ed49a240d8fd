// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.metrics.Metrics;
import java.util.Iterator;

/**
 * Gives the histograms as the lines of an HdrHistogram log. The file is the client's: the process writes none that
 * somebody else names.
 * Thread: admin.
 */
final class HlogCommand implements AdminCommand<AdminRequest.Hlog> {
    private static final int LINES_AT_ONCE = 64;

    private final Metrics metrics;

    HlogCommand(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void run(AdminRequest.Hlog request, AdminAnswer answer) {
        write(metrics.hlogLines(System.currentTimeMillis()).iterator(), answer);
    }

    private static void write(Iterator<String> lines, AdminAnswer answer) {
        for (int i = 0; i < LINES_AT_ONCE && lines.hasNext(); i++) {
            answer.row(new AnswerRow.HlogLine(lines.next()));
        }
        if (lines.hasNext()) {
            answer.whenDrained(() -> write(lines, answer));
        } else {
            answer.done();
        }
    }
}
