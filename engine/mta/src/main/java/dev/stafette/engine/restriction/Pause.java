// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/** {@code sleep}: the client waits for the answer, and with it for nothing. Thread: any (a value). */
record Pause(Verdict verdict) implements Restriction {
    static Restriction of(String seconds) {
        return new Pause(Verdict.effect(AccessAction.SLEEP, seconds, ""));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        return verdict;
    }
}
