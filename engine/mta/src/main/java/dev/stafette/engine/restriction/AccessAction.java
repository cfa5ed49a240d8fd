// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * What a check may want to happen; the words of access(5).
 * Thread: any (a value).
 */
public enum AccessAction {
    /** The list ends here, in favour of the client. */
    OK,
    /** The next check decides. */
    DUNNO,
    REJECT,
    DEFER,
    /** If nothing else refuses, the client is to come again. */
    DEFER_IF_PERMIT,
    /** If something else refuses for good, it is for now. */
    DEFER_IF_REJECT,
    /** The further restrictions are those of a list that the check names. */
    RESTRICTIONS,
    HOLD,
    PREPEND,
    REDIRECT,
    /** The message is taken, and comes to nothing; nothing more is checked. */
    DISCARD,
    FILTER,
    BCC,
    WARN,
    INFO,
    /** The answer waits; no word of access(5), but the restriction {@code sleep}. */
    SLEEP,
    /** Something has permitted, and the log tells of it (smtpd_log_access_permit_actions). */
    PERMIT,
    /** Something is wrong with the configuration: a warning in the log, and no word of access(5), either. */
    COMPLAIN
}
