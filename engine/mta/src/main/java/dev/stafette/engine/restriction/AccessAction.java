// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * What a check may want to happen; the words of access(5).
 * Thread: any (a value).
 */
public enum AccessAction {
    /** The list ends here, in favour of the client. */
    OK(true),
    /** The next check decides. */
    DUNNO(false),
    REJECT(true),
    DEFER(true),
    /** If nothing else refuses, the client is to come again. */
    DEFER_IF_PERMIT(false),
    /** If something else refuses for good, it is for now. */
    DEFER_IF_REJECT(false),
    /** The further restrictions are those of a list that the check names. */
    RESTRICTIONS(false),
    HOLD(false),
    PREPEND(false),
    REDIRECT(false),
    /** The message is taken, and comes to nothing; nothing more is checked. */
    DISCARD(true),
    FILTER(false),
    BCC(false),
    WARN(false),
    INFO(false);

    private final boolean endsList;

    AccessAction(boolean endsList) {
        this.endsList = endsList;
    }

    boolean endsList() {
        return endsList;
    }
}
