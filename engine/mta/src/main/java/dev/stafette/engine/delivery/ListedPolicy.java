// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.tls.ReportedPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a line of {@code smtp_tls_policy_maps} says of where its policy comes from, as plugins for MTA-STS say it.
 * Thread: that of the look-up.
 */
final class ListedPolicy {
    private static final String STS = "sts";

    private static final Set<String> FAILURES =
            Set.of("sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid", "validation-failure");

    private final List<String> text = new ArrayList<>();
    private final List<String> mx = new ArrayList<>();
    private String type = "";
    private String domain = "";

    /** False where that is none of its attributes, or has no such value. */
    boolean read(String name, String value) {
        switch (name) {
            case "policy_type" -> type = value;
            case "policy_domain" -> domain = value;
            case "policy_string" -> text.add(value);
            case "mx_host_pattern" -> mx.add(value);
            case "policy_ttl" -> {
                return value.matches("[0-9]{1,10}");
            }
            case "policy_failure" -> {
                return FAILURES.contains(value);
            }
            default -> {
                return false;
            }
        }
        return !name.equals("policy_type") || type.equals(STS) || type.equals("no-policy-found");
    }

    boolean isOfSts() {
        return type.equals(STS);
    }

    /** The servers that it allows. */
    List<String> mx() {
        return mx;
    }

    /** Null: it does not say what it is. */
    @Nullable
    ReportedPolicy reported(String nextHop) {
        String of = domain.isEmpty() ? nextHop : domain;
        return type.isEmpty()
                ? null
                : isOfSts()
                        ? new ReportedPolicy(ReportedPolicy.Type.STS, of, text, mx, false)
                        : ReportedPolicy.none(of);
    }
}
