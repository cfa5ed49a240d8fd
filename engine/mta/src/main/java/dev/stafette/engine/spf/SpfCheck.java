// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import dev.stafette.codec.spf.SpfResult;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.table.Inquiry;
import java.util.function.LongSupplier;

/**
 * check_host() of RFC 7208 §4.
 * Thread: any (it does not change).
 */
public final class SpfCheck {
    /** RFC 1035 §2.3.4. */
    private static final int LABEL_LENGTH_MAX = 63;

    private static final long MS_PER_S = 1000;

    private final NameQuestions names;
    private final String receiver;
    private final LongSupplier epochMsClock;

    /** {@code receiver}: our name, for explanations. */
    public SpfCheck(NameQuestions names, String receiver, LongSupplier epochMsClock) {
        this.names = names;
        this.receiver = receiver;
        this.epochMsClock = epochMsClock;
    }

    public SpfAnswer check(SpfIdentity identity, Inquiry inquiry) {
        if (!isDomain(identity.domain())) {
            return new SpfAnswer(SpfResult.NONE, identity.domain(), "not a domain", false);
        }
        SpfMacros macros = new SpfMacros(identity, receiver, epochMsClock.getAsLong() / MS_PER_S);
        SpfRun run = new SpfRun(names, macros, inquiry);
        SpfResult result = run.result(identity.domain());
        if (run.isWaiting()) {
            return SpfAnswer.NOT_YET;
        }
        String reason = result == SpfResult.FAIL ? run.explanation() : run.trouble();
        return run.isWaiting() ? SpfAnswer.NOT_YET : new SpfAnswer(result, identity.domain(), reason, false);
    }

    /** RFC 7208 §4.3: several labels, none of them empty or too long. */
    private static boolean isDomain(String domain) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        String[] labels = name.split("\\.", -1);
        if (labels.length < 2 || name.startsWith("[")) {
            return false;
        }
        for (String label : labels) {
            if (label.isEmpty() || label.length() > LABEL_LENGTH_MAX) {
                return false;
            }
        }
        return true;
    }
}
