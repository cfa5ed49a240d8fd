// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.address.DomainName;
import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsPolicies;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.sts.PublishedPolicies;
import dev.stafette.engine.sts.StsPolicy;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code smtp_tls_policy_maps} say of a next hop, and main.cf of those that they say nothing of.
 * Thread: event loop; it has no state of its own.
 */
final class PolicyTables implements TlsPolicies {
    /** What is said of mail that waits for a line to be corrected. */
    static final String FAULT = "client TLS configuration problem";

    private final String parameter;
    private final List<Table> tables;
    private final PolicyTerms terms;
    private final @Nullable PublishedPolicies published;
    private final Consumer<String> warnings;

    /** {@code parameter}: for warnings. {@code published}: policies of domains; null: they do not count. */
    PolicyTables(
            String parameter,
            List<Table> tables,
            PolicyTerms terms,
            @Nullable PublishedPolicies published,
            Consumer<String> warnings) {
        this.parameter = parameter;
        this.tables = List.copyOf(tables);
        this.terms = terms;
        this.published = published;
        this.warnings = warnings;
    }

    @Override
    public void find(Executor loop, String nextHop, Consumer<TlsPolicy> then) {
        if (tables.isEmpty()) {
            findPublished(loop, nextHop, then);
            return;
        }
        new Inquirer(loop, System::nanoTime)
                .ask(
                        inquiry -> find(nextHop, inquiry),
                        listed -> {
                            if (listed == null) {
                                findPublished(loop, nextHop, then);
                            } else {
                                then.accept(listed);
                            }
                        },
                        mistake -> then.accept(TlsPolicy.faulty("TLS policy lookup failed: " + mistake)));
    }

    /** Of one that no table knows. */
    private void findPublished(Executor loop, String nextHop, Consumer<TlsPolicy> then) {
        String ascii = InternationalDomain.toAscii(nextHop);
        String domain = ascii != null && DomainName.isHostName(ascii) ? ascii.toLowerCase(Locale.ROOT) : null;
        PublishedPolicies known = published;
        if (known == null || !terms.mayFollowPolicies() || domain == null) {
            then.accept(terms.usual(nextHop, domain != null && terms.mayReport() ? ReportedPolicy.none(domain) : null));
            return;
        }
        known.find(loop, domain, policy -> {
            ReportedPolicy reported = terms.mayReport() ? reported(domain, policy) : null;
            then.accept(
                    policy == null || policy.mode() != StsPolicy.Mode.ENFORCE
                            ? terms.usual(nextHop, reported)
                            : terms.enforced(nextHop, policy.mx(), reported));
        });
    }

    private static ReportedPolicy reported(String domain, @Nullable StsPolicy policy) {
        return policy == null || policy.mode() == StsPolicy.Mode.NONE
                ? ReportedPolicy.none(domain)
                : new ReportedPolicy(
                        ReportedPolicy.Type.STS,
                        domain,
                        policy.text().lines().toList(),
                        policy.mx(),
                        policy.mode() == StsPolicy.Mode.TESTING);
    }

    /** Null: no table knows it. */
    private @Nullable TlsPolicy find(String nextHop, Inquiry inquiry) {
        for (String key : keys(nextHop)) {
            for (Table table : tables) {
                TableAnswer answer = table.lookup(key, inquiry);
                switch (answer.finding()) {
                    case NOT_FOUND -> {
                        // The next one may know.
                    }
                    case UNAVAILABLE -> {
                        warnings.accept(where(key) + "policy table lookup error");
                        return TlsPolicy.faulty(FAULT);
                    }
                    case FOUND -> {
                        return read(nextHop, key, answer.value());
                    }
                }
            }
        }
        return null;
    }

    private TlsPolicy read(String nextHop, String key, String text) {
        try {
            return terms.listed(nextHop, text);
        } catch (IllegalArgumentException | ConfigException e) {
            warnings.accept(where(key) + e.getMessage());
            return TlsPolicy.faulty(FAULT);
        }
    }

    private String where(String key) {
        return parameter + ", next-hop destination \"" + key + "\": ";
    }

    /** As it stands, and for a plain domain also those that it is below: {@code .domain}. */
    private static List<String> keys(String nextHop) {
        List<String> keys = new ArrayList<>();
        keys.add(nextHop);
        if (nextHop.indexOf('[') < 0 && nextHop.indexOf(':') < 0) {
            for (int dot = nextHop.indexOf('.', 1); dot >= 0; dot = nextHop.indexOf('.', dot + 1)) {
                keys.add(nextHop.substring(dot));
            }
        }
        return keys;
    }
}
