// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicies;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code smtp_tls_per_site} says of a next hop and of each of its servers, as Postfix puts the two together.
 * Thread: event loop; it has no state of its own.
 *
 * <pre>
 *   MUST before MUST_NOPEERMATCH before NONE before MAY before nothing
 *   MAY: more than that, where smtp_tls_security_level demands more
 *   nothing: as smtp_tls_security_level has it, or the domain
 * </pre>
 */
final class SiteTables implements TlsPolicies {
    private final String parameter;
    private final List<Table> tables;
    private final PolicyTerms terms;
    private final TlsPolicies others;
    private final Consumer<String> warnings;

    /** What was found so far; {@code level} is null where nothing was. {@code warning}: what is wrong with it, for the log. */
    private record SiteDemand(
            @Nullable TlsLevel level, @Nullable String fault, String warning) {
        static final SiteDemand NOTHING = new SiteDemand(null, null, "");

        static SiteDemand faulty(String fault, String warning) {
            return new SiteDemand(null, fault, warning);
        }

        private boolean isBelow(TlsLevel limit) {
            return level == null || level.compareTo(limit) < 0;
        }

        /** That level, unless what was found is at this limit or above it. */
        SiteDemand or(TlsLevel found, TlsLevel limit) {
            return isBelow(limit) ? new SiteDemand(found, null, "") : this;
        }
    }

    /** {@code parameter}: for warnings. {@code others}: know those that no table knows. */
    SiteTables(String parameter, List<Table> tables, PolicyTerms terms, TlsPolicies others, Consumer<String> warnings) {
        this.parameter = parameter;
        this.tables = List.copyOf(tables);
        this.terms = terms;
        this.others = others;
        this.warnings = warnings;
    }

    @Override
    public boolean areByHost() {
        return true;
    }

    @Override
    public void find(Executor loop, String nextHop, Consumer<TlsPolicy> then) {
        ask(loop, nextHop, inquiry -> ofNextHop(nextHop, inquiry), then);
    }

    @Override
    public void findOfHost(Executor loop, String nextHop, String host, Consumer<TlsPolicy> then) {
        ask(
                loop,
                nextHop,
                inquiry -> {
                    SiteDemand before = ofNextHop(nextHop, inquiry);
                    return before.fault() != null || host.equalsIgnoreCase(nextHop)
                            ? before
                            : with(before, host, "server hostname", inquiry);
                },
                then);
    }

    /** Reads the tables and, once all answers are there, acts on them. */
    private interface Question {
        SiteDemand apply(Inquiry inquiry);
    }

    private void ask(Executor loop, String nextHop, Question question, Consumer<TlsPolicy> then) {
        new Inquirer(loop, System::nanoTime)
                .ask(
                        question::apply,
                        found -> answer(loop, nextHop, found, then),
                        mistake -> then.accept(TlsPolicy.faulty("TLS policy lookup failed: " + mistake)));
    }

    private void answer(Executor loop, String nextHop, SiteDemand found, Consumer<TlsPolicy> then) {
        TlsLevel level = found.level();
        String fault = found.fault();
        if (fault != null) {
            warnings.accept(parameter + ": " + found.warning());
            then.accept(TlsPolicy.faulty(fault));
        } else if (level == null) {
            others.find(loop, nextHop, then);
        } else {
            boolean isMore = level == TlsLevel.MAY && terms.level().compareTo(level) > 0;
            then.accept(terms.atLevel(isMore ? terms.level() : level, nextHop));
        }
    }

    private SiteDemand ofNextHop(String nextHop, Inquiry inquiry) {
        return with(SiteDemand.NOTHING, nextHop, "next-hop destination", inquiry);
    }

    private SiteDemand with(SiteDemand before, String key, String kind, Inquiry inquiry) {
        for (Table table : tables) {
            TableAnswer answer = table.lookup(key, inquiry);
            switch (answer.finding()) {
                case NOT_FOUND -> {
                    // The next one may know.
                }
                case UNAVAILABLE -> {
                    return SiteDemand.faulty(
                            TlsPolicy.TABLE_UNAVAILABLE, kind + " \"" + key + "\": per-site table lookup error");
                }
                case FOUND -> {
                    return read(before, answer.value(), key, kind);
                }
            }
        }
        return before;
    }

    private static SiteDemand read(SiteDemand before, String word, String key, String kind) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "MUST" -> before.or(TlsLevel.VERIFY, TlsLevel.VERIFY);
            case "MUST_NOPEERMATCH" -> before.or(TlsLevel.ENCRYPT, TlsLevel.ENCRYPT);
            case "NONE" -> before.or(TlsLevel.NONE, TlsLevel.ENCRYPT);
            case "MAY" -> before.or(TlsLevel.MAY, TlsLevel.NONE);
            default ->
                SiteDemand.faulty(PolicyTables.FAULT, "unknown TLS policy '" + word + "' for " + kind + " " + key);
        };
    }
}
