// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

/** How far one way of delivering has come. Thread: any (a value). */
enum Progress {
    /** It is not the way for this recipient: the next one is asked. */
    DECLINED,
    /** The recipient is done here: delivered, forwarded, or given up for good. */
    DONE,
    /** Its letter goes in at the end of the turn. */
    PENDING,
    /** Something of it has to be tried again, and with it all of the recipient. */
    DEFERRED;

    static Progress of(RecipientEnd end) {
        return end.isDeferred() ? DEFERRED : DONE;
    }

    /** Of two things that were done for the same recipient. */
    Progress and(Progress other) {
        return this == DEFERRED || other == DEFERRED ? DEFERRED : DONE;
    }
}
