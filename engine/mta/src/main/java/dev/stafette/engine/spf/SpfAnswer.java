// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import dev.stafette.codec.spf.SpfResult;

/**
 * What came of a check.
 * Thread: any (a value).
 *
 * @param domain whose name it is about
 * @param reason what is wrong with record or DNS, or what the domain says to who is refused; may be empty
 * @param isNotYet an answer is on its way, and the rest is worth nothing
 */
public record SpfAnswer(SpfResult result, String domain, String reason, boolean isNotYet) {
    static final SpfAnswer NOT_YET = new SpfAnswer(SpfResult.TEMPERROR, "", "", true);
}
