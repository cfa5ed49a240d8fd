// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsFailure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One domain's day: what came of TLS by each of the policies that it had. What goes beyond the limits is counted without its
 * particulars.
 * Thread: that of the counting; nobody changes it when the day is over.
 */
final class DomainTally {
    /** A domain that changes its records all the time has itself to blame. */
    static final int POLICIES_MAX = 20;

    static final int FAILURES_MAX = 100;

    /** What tells failures apart (RFC 8460 §4.4). */
    record Failure(TlsFailure type, String host, String address, String local, String reason) {
        Failure withoutParticulars() {
            return new Failure(type, "", "", "", "");
        }
    }

    /** By one policy. */
    static final class PolicyTally {
        private long successCount;
        private final Map<Failure, Long> failures = new LinkedHashMap<>();

        void addSuccesses(long count) {
            successCount += count;
        }

        void addFailures(Failure failure, long count) {
            boolean isKnown = failures.containsKey(failure) || failures.size() < FAILURES_MAX;
            failures.merge(isKnown ? failure : failure.withoutParticulars(), count, Long::sum);
        }

        long successCount() {
            return successCount;
        }

        long failureCount() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }

        Map<Failure, Long> failures() {
            return failures;
        }
    }

    private final Map<ReportedPolicy, PolicyTally> policies = new LinkedHashMap<>();

    void add(TlsEvent event) {
        PolicyTally tally = of(event.policy());
        TlsFailure type = event.failure();
        if (type == null) {
            tally.addSuccesses(1);
        } else {
            tally.addFailures(new Failure(type, event.host(), event.address(), event.local(), event.reason()), 1);
        }
    }

    PolicyTally of(ReportedPolicy policy) {
        boolean isKnown = policies.containsKey(policy) || policies.size() < POLICIES_MAX;
        return policies.computeIfAbsent(
                isKnown ? policy : ReportedPolicy.none(policy.domain()), unused -> new PolicyTally());
    }

    Map<ReportedPolicy, PolicyTally> policies() {
        return policies;
    }
}
