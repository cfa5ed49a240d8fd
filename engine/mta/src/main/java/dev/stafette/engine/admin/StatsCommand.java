// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Gives the percentiles of every stage, one a line, and then every count.
 * Thread: admin.
 */
final class StatsCommand implements AdminCommand {
    private final LatencyReport latencies;

    StatsCommand(LatencyReport latencies) {
        this.latencies = latencies;
    }

    @Override
    public String name() {
        return "stats";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        for (LatencyReport.StageRow stage : latencies.stages()) {
            JsonWriter json = new JsonWriter().beginObject();
            json.key("stage").value(stage.name());
            json.key("count").value(stage.count());
            json.key("p50_us").value(stage.p50Micros());
            json.key("p90_us").value(stage.p90Micros());
            json.key("p99_us").value(stage.p99Micros());
            json.key("p999_us").value(stage.p999Micros());
            json.key("max_us").value(stage.maxMicros());
            answer.line(json.endObject());
        }
        for (LatencyReport.Counter counter : latencies.counters()) {
            JsonWriter json = new JsonWriter().beginObject();
            json.key("counter").value(counter.name());
            json.key("value").value(counter.value());
            answer.line(json.endObject());
        }
        answer.done();
    }
}
