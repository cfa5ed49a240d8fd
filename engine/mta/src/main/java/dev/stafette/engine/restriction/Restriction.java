// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.table.Inquiry;

/**
 * One check. It depends on its facts and on tables alone and changes nothing, since it may be made again.
 * Thread: any.
 */
public interface Restriction {
    /** {@code subject}: what the list is about that it stands in. */
    Verdict check(Facts facts, Subject subject, Inquiry inquiry);
}
