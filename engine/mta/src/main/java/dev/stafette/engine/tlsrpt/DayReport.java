// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.tlsrpt.DomainTally.Failure;
import dev.stafette.engine.tlsrpt.DomainTally.PolicyTally;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * A domain's report of one day (RFC 8460 §4).
 * Thread: any; the tally does not change any more.
 */
record DayReport(ReportSettings settings, String domain, long day, DomainTally tally) {
    private static final int TO_SECONDS = 1000;

    long startSeconds() {
        return day * Tallies.DAY_MS / TO_SECONDS;
    }

    /** Of the last second. */
    long endSeconds() {
        return (day + 1) * Tallies.DAY_MS / TO_SECONDS - 1;
    }

    /** The same for the same day, so that a report that comes twice is seen to be one. */
    String id() {
        String unique = settings.hostName() + ' ' + domain + ' ' + day;
        return UUID.nameUUIDFromBytes(unique.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** RFC 8460 §5.1. */
    String fileName() {
        return settings.submitter() + '!' + domain + '!' + startSeconds() + '!' + endSeconds() + '!' + id()
                + ".json.gz";
    }

    String json() {
        JsonWriter out = new JsonWriter().beginObject();
        out.key("organization-name").value(settings.organization());
        out.key("date-range").beginObject();
        out.key("start-datetime").value(Instant.ofEpochSecond(startSeconds()).toString());
        out.key("end-datetime").value(Instant.ofEpochSecond(endSeconds()).toString());
        out.endObject();
        out.key("contact-info").value(settings.contact().external());
        out.key("report-id").value(id());
        out.key("policies").beginArray();
        tally.policies().forEach((policy, counts) -> policy(policy, counts, out));
        out.endArray();
        return out.endObject().toString();
    }

    private void policy(ReportedPolicy policy, PolicyTally counts, JsonWriter out) {
        out.beginObject();
        out.key("policy").beginObject();
        out.key("policy-type").value(policy.type().word());
        list("policy-string", policy.text(), out);
        out.key("policy-domain").value(domain);
        list("mx-host", policy.mx(), out);
        out.endObject();
        out.key("summary").beginObject();
        out.key("total-successful-session-count").value(counts.successCount());
        out.key("total-failure-session-count").value(counts.failureCount());
        out.endObject();
        if (!counts.failures().isEmpty()) {
            out.key("failure-details").beginArray();
            counts.failures().entrySet().forEach(one -> failure(one, out));
            out.endArray();
        }
        out.endObject();
    }

    private static void list(String key, List<String> values, JsonWriter out) {
        if (!values.isEmpty()) {
            out.key(key).beginArray();
            values.forEach(out::value);
            out.endArray();
        }
    }

    private static void failure(Map.Entry<Failure, Long> one, JsonWriter out) {
        Failure failure = one.getKey();
        out.beginObject().key("result-type").value(failure.type().word());
        text("sending-mta-ip", failure.local(), out);
        text("receiving-mx-hostname", failure.host(), out);
        text("receiving-ip", failure.address(), out);
        out.key("failed-session-count").value(one.getValue());
        text("failure-reason-code", failure.reason(), out);
        out.endObject();
    }

    private static void text(String key, String value, JsonWriter out) {
        if (!value.isEmpty()) {
            out.key(key).value(value);
        }
    }

    /** As it travels. */
    byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(json().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return bytes.toByteArray();
    }
}
