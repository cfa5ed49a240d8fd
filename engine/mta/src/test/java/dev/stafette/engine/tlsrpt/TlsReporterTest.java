// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.HttpsClient;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.names.FakeZone;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of TLS with servers, and what becomes of it when the day is over. */
class TlsReporterTest {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 3_600_000;
    private static final ReportedPolicy STS = new ReportedPolicy(
            ReportedPolicy.Type.STS,
            "b.test",
            List.of("version: STSv1", "mode: enforce", "max_age: 604800", "mx: *.b.test"),
            List.of("*.b.test"),
            false);

    @TempDir
    private Path directory;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final List<String> notices = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final FakeZone zone = new FakeZone();
    /** 2023-11-14, a minute after noon. */
    private long nowMs = 1_699_963_260_000L;

    private TlsReporter open(String... mainCf) {
        List<String> lines = new ArrayList<>(List.of(
                "myhostname = mx.a.test",
                "mydomain = a.test",
                "tlsrpt_organization_name = A \"quoted\" name",
                "tlsrpt_data_file = " + directory.resolve("deep/tlsrpt"),
                "tlsrpt_report_delay = 2h"));
        lines.addAll(List.of(mainCf));
        ReportSettings settings = ReportSettings.of(FakeHost.settings(lines.toArray(new String[0])));
        ReportSender sender = new ReportSender(
                zone,
                new ReportPost(new HttpsClient(Duration.ofSeconds(5), Runnable::run, () -> {
                    throw new IllegalStateException("no server is asked here");
                })),
                Runnable::run,
                () -> nowMs,
                notices::add);
        TlsReporter reporter = new TlsReporter(
                settings, channel.eventLoop(), sender, Runnable::run, () -> nowMs, bound -> bound - 1, warnings::add);
        reporter.load();
        reporter.open(new ReportMailbox(
                new IntakeLoop(channel.eventLoop(), UnpooledByteBufAllocator.DEFAULT, queue, ZoneOffset.UTC, 1 << 20),
                () -> TestSteps.settings(),
                log.log()));
        return reporter;
    }

    @AfterEach
    void close() {
        log.close();
    }

    private static TlsEvent event(ReportedPolicy policy, @Nullable TlsFailure failure) {
        return new TlsEvent(policy, "mx.b.test", "192.0.2.25", "192.0.2.1", failure, failure == null ? "" : "a\twhy");
    }

    private void add(TlsReporter reporter, TlsEvent... events) {
        for (TlsEvent event : events) {
            reporter.add(event);
        }
        channel.runPendingTasks();
    }

    private void tickAt(TlsReporter reporter, long ms) {
        nowMs = ms;
        reporter.tick();
        channel.runPendingTasks();
    }

    private static long endOfDay(long ms) {
        return (Tallies.dayOf(ms) + 1) * Tallies.DAY_MS;
    }

    private static String header(String content, String name) {
        String unfolded = content.replaceAll("\r\n[ \t]", " ");
        int at = unfolded.indexOf("\r\n" + name + ": ");
        return at < 0 ? "" : unfolded.substring(at + name.length() + 4, unfolded.indexOf("\r\n", at + 2));
    }

    private static String json(String content) throws Exception {
        int at = content.indexOf("\r\n\r\n", content.indexOf("application/tlsrpt+gzip")) + 4;
        String base64 = content.substring(at, content.indexOf("\r\n\r\n", at));
        try (GZIPInputStream in = new GZIPInputStream(
                new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void mailsWhatCameOfADay() throws Exception {
        zone.text("_smtp._tls.b.test", "v=TLSRPTv1; rua=mailto:reports@b.test");
        TlsReporter reporter = open();
        add(
                reporter,
                event(STS, null),
                event(STS, null),
                event(STS, TlsFailure.CERTIFICATE_EXPIRED),
                event(STS, TlsFailure.CERTIFICATE_EXPIRED),
                event(ReportedPolicy.none("b.test"), TlsFailure.STARTTLS_NOT_SUPPORTED));
        long end = endOfDay(nowMs);
        tickAt(reporter, end + 2 * HOUR_MS - MINUTE_MS);
        assertEquals(List.of(), queue.messages(), "its turn has not come");
        tickAt(reporter, end + 2 * HOUR_MS);
        KeptQueue.Kept mail = queue.messages().get(0);
        assertEquals("postmaster@a.test", mail.envelope().sender().external());
        assertEquals(
                "reports@b.test", mail.envelope().recipients().get(0).address().external());
        String content = mail.content();
        String id = header(content, "Message-ID");
        assertEquals("Report Domain: b.test Submitter: a.test Report-ID: " + id, header(content, "Subject"));
        assertEquals("b.test", header(content, "TLS-Report-Domain"));
        assertEquals("a.test", header(content, "TLS-Report-Submitter"));
        assertEquals("No", header(content, "TLS-Required"));
        assertTrue(
                header(content, "Content-Type").startsWith("multipart/report; report-type=\"tlsrpt\"; boundary="),
                content);
        String uuid = id.substring(1, id.indexOf('@'));
        assertTrue(content.contains("filename=\"a.test!b.test!1699920000!1700006399!" + uuid + ".json.gz\""), content);
        assertEquals(
                ("{'organization-name': 'A \\\\'quoted\\\\' name', 'date-range': {"
                                + "'start-datetime': '2023-11-14T00:00:00Z', 'end-datetime': '2023-11-14T23:59:59Z'}, "
                                + "'contact-info': 'postmaster@a.test', 'report-id': '" + uuid + "', 'policies':"
                                + " [{'policy':"
                                + " {'policy-type':"
                                + " 'sts',"
                                + " 'policy-string':"
                                + " ['version: STSv1',"
                                + " 'mode: enforce',"
                                + " 'max_age: 604800',"
                                + " 'mx: *.b.test'],"
                                + " 'policy-domain':"
                                + " 'b.test',"
                                + " 'mx-host':"
                                + " ['*.b.test']},"
                                + " 'summary':"
                                + " {'total-successful-session-count':"
                                + " 2, 'total-failure-session-count':"
                                + " 2}, 'failure-details':"
                                + " [{'result-type':"
                                + " 'certificate-expired',"
                                + " 'sending-mta-ip':"
                                + " '192.0.2.1',"
                                + " 'receiving-mx-hostname':"
                                + " 'mx.b.test',"
                                + " 'receiving-ip':"
                                + " '192.0.2.25',"
                                + " 'failed-session-count':"
                                + " 2, 'failure-reason-code':"
                                + " 'a?why'}]},"
                                + " {'policy':"
                                + " {'policy-type':"
                                + " 'no-policy-found',"
                                + " 'policy-domain':"
                                + " 'b.test'},"
                                + " 'summary':"
                                + " {'total-successful-session-count':"
                                + " 0, 'total-failure-session-count':"
                                + " 1}, 'failure-details':"
                                + " [{'result-type':"
                                + " 'starttls-not-supported',"
                                + " 'sending-mta-ip':"
                                + " '192.0.2.1',"
                                + " 'receiving-mx-hostname':"
                                + " 'mx.b.test',"
                                + " 'receiving-ip':"
                                + " '192.0.2.25',"
                                + " 'failed-session-count':"
                                + " 1, 'failure-reason-code':"
                                + " 'a?why'}]}]}")
                        .replace("\\\\'", "\\\"")
                        .replace('\'', '"'),
                json(content));
        tickAt(reporter, end + 5 * HOUR_MS);
        assertEquals(1, queue.messages().size(), "once");
        assertEquals(1, notices.size(), notices::toString);
    }

    @Test
    void forgetsWhatNobodyWants() {
        TlsReporter reporter = open();
        add(reporter, event(STS, null));
        tickAt(reporter, endOfDay(nowMs) + 3 * HOUR_MS);
        tickAt(reporter, nowMs + 3 * HOUR_MS);
        assertEquals(List.of("_smtp._tls.b.test"), zone.asked);
        assertEquals(List.of(), queue.messages());
    }

    @Test
    void triesAgainUntilTheNextDayIsOver() {
        zone.fail("_smtp._tls.b.test");
        TlsReporter reporter = open();
        add(reporter, event(STS, null));
        long end = endOfDay(nowMs);
        tickAt(reporter, end + 2 * HOUR_MS);
        tickAt(reporter, end + 3 * HOUR_MS - MINUTE_MS);
        assertEquals(1, zone.asked.size());
        tickAt(reporter, end + 3 * HOUR_MS);
        assertEquals(2, zone.asked.size());
        tickAt(reporter, end + 23 * HOUR_MS);
        tickAt(reporter, end + 24 * HOUR_MS);
        assertEquals(4, zone.asked.size());
        tickAt(reporter, end + 24 * HOUR_MS + MINUTE_MS);
        tickAt(reporter, end + 30 * HOUR_MS);
        assertEquals(4, zone.asked.size(), "it is too late");
    }

    @Test
    void triesAgainWhenTheQueueTakesNothing() {
        zone.text("_smtp._tls.b.test", "v=TLSRPTv1; rua=mailto:reports@b.test");
        TlsReporter reporter = open();
        add(reporter, event(STS, null));
        queue.isFull = true;
        tickAt(reporter, endOfDay(nowMs) + 2 * HOUR_MS);
        assertTrue(notices.get(0).contains("not sent"), notices::toString);
        queue.isFull = false;
        tickAt(reporter, nowMs + HOUR_MS);
        assertEquals(1, queue.messages().size());
    }

    @Test
    void outlivesTheProcess() throws Exception {
        TlsReporter reporter = open();
        add(reporter, event(STS, null), event(STS, TlsFailure.CERTIFICATE_HOST_MISMATCH));
        tickAt(reporter, nowMs + 6 * MINUTE_MS);
        Path file = directory.resolve("deep/tlsrpt");
        String kept = Files.readString(file);
        Files.writeString(file, kept + "P\t1\thalf a li");
        TlsReporter next = open();
        add(next, event(STS, null));
        tickAt(next, nowMs + 6 * MINUTE_MS);
        assertEquals(kept.replace("*.b.test\t1\n", "*.b.test\t2\n"), Files.readString(file));
        zone.text("_smtp._tls.b.test", "v=TLSRPTv1; rua=mailto:reports@b.test");
        tickAt(open(), endOfDay(nowMs) + 2 * HOUR_MS);
        assertTrue(
                json(queue.messages().get(0).content())
                        .contains("\"total-successful-session-count\": 2, \"total-failure-session-count\": 1"),
                "the report has all");
    }

    @Test
    void countsNoMoreDomainsThanItHasRoomFor() throws Exception {
        TlsReporter reporter = open("tlsrpt_domain_limit = 2");
        for (int i = 0; i < 5; i++) {
            add(reporter, event(ReportedPolicy.none("d" + i + ".test"), null));
        }
        tickAt(reporter, nowMs + 6 * MINUTE_MS);
        assertEquals(2, Files.readAllLines(directory.resolve("deep/tlsrpt")).size());
        assertEquals(List.of("tlsrpt_domain_limit: no report for d2.test and others"), warnings);
    }

    @Test
    void countsFailuresBeyondTheLimitWithoutParticulars() {
        DomainTally tally = new DomainTally();
        for (int i = 0; i < 2 * DomainTally.FAILURES_MAX; i++) {
            tally.add(new TlsEvent(STS, "mx.b.test", "", "", TlsFailure.VALIDATION_FAILURE, "why " + i));
        }
        for (int i = 0; i < 2 * DomainTally.POLICIES_MAX; i++) {
            tally.add(event(new ReportedPolicy(STS.type(), "b.test", List.of("id " + i), List.of(), false), null));
        }
        assertEquals(DomainTally.FAILURES_MAX + 1, tally.of(STS).failures().size());
        assertEquals(2L * DomainTally.FAILURES_MAX, tally.of(STS).failureCount());
        assertEquals(DomainTally.POLICIES_MAX + 1, tally.policies().size());
    }

    @Test
    void readsAFileOfSomebodyElsesAsNothing() throws Exception {
        Files.createDirectories(directory.resolve("deep"));
        Files.write(directory.resolve("deep/tlsrpt"), new byte[] {0, 1, '\t', 'P', '\n', 'F', '\t', '\t', '\n'});
        TlsReporter reporter = open();
        tickAt(reporter, endOfDay(nowMs));
        assertEquals(List.of(), warnings);
        assertFalse(queue.isShort);
    }
}
