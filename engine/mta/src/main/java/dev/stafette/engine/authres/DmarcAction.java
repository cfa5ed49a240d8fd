// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dmarc.DmarcPolicy;

/** What becomes of mail that a domain does not want to have sent: {@code dmarc_failure_action}. Thread: any. */
enum DmarcAction {
    /** It says so in its header. */
    NONE,
    /** Where the domain wants anything done, it waits in the queue for an operator. */
    HOLD,
    /** As the domain wants: it is refused, or it waits. */
    POLICY;

    boolean rejects(DmarcPolicy asked) {
        return this == POLICY && asked == DmarcPolicy.REJECT;
    }

    boolean holds(DmarcPolicy asked) {
        return this != NONE && asked != DmarcPolicy.NONE && !rejects(asked);
    }
}
