// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.Iterator;

/**
 * Gives the histograms as the lines of an HdrHistogram log. The file is the client's: the process writes none that
 * somebody else names.
 * Thread: admin.
 */
final class HlogCommand implements AdminCommand {
    private static final int LINES_AT_ONCE = 64;

    private final LatencyReport latencies;

    HlogCommand(LatencyReport latencies) {
        this.latencies = latencies;
    }

    @Override
    public String name() {
        return "hlog";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        write(latencies.hlogLines().iterator(), answer);
    }

    private static void write(Iterator<String> lines, AdminAnswer answer) {
        for (int i = 0; i < LINES_AT_ONCE && lines.hasNext(); i++) {
            answer.line(new JsonWriter()
                    .beginObject()
                    .key("line")
                    .value(lines.next())
                    .endObject());
        }
        if (lines.hasNext()) {
            answer.whenDrained(() -> write(lines, answer));
        } else {
            answer.done();
        }
    }
}
