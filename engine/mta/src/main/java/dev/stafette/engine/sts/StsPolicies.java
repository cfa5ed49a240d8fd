// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.delivery.tls.TlsReports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the policies of domains (RFC 8461 §3, §5.1): each of its own, whatever servers they share.
 * Thread: any; it outlives a reload.
 *
 * <pre>
 *   no record in DNS, or no answer     what was fetched before, while it is valid
 *   a record, its policy is known      that; once a day it is fetched again meanwhile
 *   another record                     what was fetched before, while it is valid; the new one is fetched meanwhile
 *   a record, nothing known            whoever asks waits until it was fetched, or could not be
 * </pre>
 */
public final class StsPolicies implements PublishedPolicies {
    /** Fetches at a time; who asks beyond them is told that there is no policy. */
    private static final int FETCHES_MAX = 100;

    /** RFC 8461 §3.3: nobody asks again within five minutes of a failure. */
    private static final long FAILURE_MS = 300_000;

    private static final int FAILURES_MAX = 10_000;

    private static final int ENTRIES_MAX = 100_000;

    private static final Pattern RECORD =
            Pattern.compile("v=STSv1\\s*;(?:.*;)?\\s*id\\s*=\\s*([A-Za-z0-9]{1,32})\\s*(?:;.*)?");

    private record Waiting(Executor loop, Consumer<@Nullable StsPolicy> then) {}

    private final Dns dns;
    private final StsSource server;
    private final @Nullable StsFile file;
    private final Executor workers;
    private final TlsReports reports;
    private final LongSupplier wallClock;
    private final Consumer<String> warnings;

    private final ConcurrentMap<String, StsEntry> entries = new ConcurrentHashMap<>();
    /** Until when a domain is left alone. */
    private final ConcurrentMap<String, Long> failures = new ConcurrentHashMap<>();
    /** Who waits for a fetch that is under way. */
    private final ConcurrentMap<String, List<Waiting>> fetches = new ConcurrentHashMap<>();

    private final AtomicInteger fetchCount = new AtomicInteger();

    /**
     * @param dns for any thread
     * @param file null: nothing outlives the process
     * @param workers write the file, one at a time
     * @param reports hears of policies that cannot be had
     */
    StsPolicies(
            Dns dns,
            StsSource server,
            @Nullable StsFile file,
            Executor workers,
            TlsReports reports,
            LongSupplier wallClock,
            Consumer<String> warnings) {
        this.dns = dns;
        this.server = server;
        this.file = file;
        this.workers = workers;
        this.reports = reports;
        this.wallClock = wallClock;
        this.warnings = warnings;
    }

    /** What an earlier process knew. */
    void add(Map<String, StsEntry> known) {
        entries.putAll(known);
    }

    @Override
    public void find(Executor loop, String domain, Consumer<@Nullable StsPolicy> then) {
        dns.ask("_mta-sts." + domain, DnsType.TXT, answer -> onRecord(loop, domain, answer, then));
    }

    private void onRecord(Executor loop, String domain, DnsAnswer<String> answer, Consumer<@Nullable StsPolicy> then) {
        long nowMs = wallClock.getAsLong();
        StsEntry known = entries.get(domain);
        StsPolicy valid = known != null && known.isValid(nowMs) ? known.policy() : null;
        String id = id(answer.records());
        boolean isCurrent = valid != null && known != null && known.id().equals(id) && known.isFresh(nowMs);
        if (id == null || isCurrent || isLeftAlone(domain, nowMs)) {
            then.accept(valid);
        } else if (valid != null) {
            then.accept(valid);
            fetch(domain, id, null);
        } else {
            fetch(domain, id, new Waiting(loop, then));
        }
    }

    /** RFC 8461 §3.1: of several records none holds. */
    private static @Nullable String id(List<String> records) {
        List<String> ours =
                records.stream().filter(text -> text.startsWith("v=STSv1")).toList();
        if (ours.size() != 1) {
            return null;
        }
        var matcher = RECORD.matcher(ours.get(0));
        return matcher.matches() ? matcher.group(1) : null;
    }

    private boolean isLeftAlone(String domain, long nowMs) {
        Long untilMs = failures.get(domain);
        return untilMs != null && nowMs < untilMs;
    }

    private void fetch(String domain, String id, @Nullable Waiting waiting) {
        boolean[] isFirst = new boolean[1];
        boolean[] isRefused = new boolean[1];
        fetches.compute(domain, (same, before) -> {
            List<Waiting> all = before == null ? new ArrayList<>() : before;
            if (before == null && fetchCount.incrementAndGet() > FETCHES_MAX) {
                fetchCount.decrementAndGet();
                isRefused[0] = true;
                return null;
            }
            isFirst[0] = before == null;
            if (waiting != null) {
                all.add(waiting);
            }
            return all;
        });
        if (isRefused[0] && waiting != null) {
            waiting.then().accept(null);
        } else if (isFirst[0]) {
            server.fetch(domain, text -> onFetched(domain, id, text), (kind, why) -> onFailed(domain, kind, why));
        }
    }

    private void onFetched(String domain, String id, String text) {
        try {
            StsEntry entry = new StsEntry(id, StsPolicy.parse(text), wallClock.getAsLong());
            if (entries.size() >= ENTRIES_MAX) {
                entries.values().removeIf(old -> !old.isValid(entry.fetchedMs()));
            }
            if (entries.size() < ENTRIES_MAX || entries.containsKey(domain)) {
                entries.put(domain, entry);
                keep(domain, entry);
            }
            failures.remove(domain);
            tell(domain, entry.policy());
        } catch (IllegalArgumentException e) {
            onFailed(domain, TlsFailure.STS_POLICY_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private void keep(String domain, StsEntry entry) {
        StsFile kept = file;
        if (kept == null) {
            return;
        }
        try {
            workers.execute(() -> {
                try {
                    kept.append(domain, entry);
                } catch (IOException e) {
                    warnings.accept("MTA-STS policy of " + domain + " is not kept: " + e);
                }
            });
        } catch (RejectedExecutionException e) {
            warnings.accept("MTA-STS policy of " + domain + " is not kept: too busy");
        }
    }

    private void onFailed(String domain, TlsFailure kind, String why) {
        long nowMs = wallClock.getAsLong();
        reports.add(new TlsEvent(
                new ReportedPolicy(ReportedPolicy.Type.STS, domain, List.of(), List.of(), false),
                "",
                "",
                "",
                kind,
                why));
        warnings.accept("MTA-STS policy of " + domain + ": " + why);
        if (failures.size() >= FAILURES_MAX) {
            failures.values().removeIf(untilMs -> untilMs <= nowMs);
        }
        if (failures.size() < FAILURES_MAX) {
            failures.put(domain, nowMs + FAILURE_MS);
        }
        StsEntry known = entries.get(domain);
        tell(domain, known != null && known.isValid(nowMs) ? known.policy() : null);
    }

    private void tell(String domain, @Nullable StsPolicy policy) {
        List<Waiting> all = fetches.remove(domain);
        fetchCount.decrementAndGet();
        if (all != null) {
            all.forEach(one -> one.loop().execute(() -> one.then().accept(policy)));
        }
    }
}
