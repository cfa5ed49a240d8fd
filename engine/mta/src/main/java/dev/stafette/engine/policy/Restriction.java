// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

/** One check of a list. Thread: any. */
interface Restriction {
    Verdict check(RecipientFacts facts);
}
