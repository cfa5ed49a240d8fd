// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.table.Inquiry;

/** One check of a list. Thread: any. */
interface Restriction {
    Verdict check(RecipientFacts facts, Inquiry inquiry);
}
