// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

/** What is counted, since the start of the process. */
public enum Count {
    /** Connections of clients. */
    SESSIONS_IN("sessions_in_total"),
    /** Connections to servers that were ready for mail. */
    SESSIONS_OUT("sessions_out_total"),
    /** Messages that got their 250, or came from within (bounces). */
    MESSAGES_ACCEPTED("messages_accepted_total"),
    /** Their content as it is stored. */
    ACCEPTED_BYTES("accepted_bytes"),
    /** Commands that were refused: policy, limits, syntax. */
    COMMANDS_REJECTED("commands_rejected_total"),
    /** Clients that logged in. */
    LOGINS("logins_total"),
    LOGINS_FAILED("logins_failed_total"),
    /** Messages that were refused for want of space or because of the disk. */
    MESSAGES_SHED("messages_shed_total"),
    /** Messages of which nothing is left to do. */
    MESSAGES_REMOVED("messages_removed_total"),
    RECIPIENTS_DELIVERED("recipients_delivered_total"),
    /** Attempts that are to be repeated. */
    RECIPIENTS_DEFERRED("recipients_deferred_total"),
    RECIPIENTS_BOUNCED("recipients_bounced_total"),
    RECIPIENTS_EXPIRED("recipients_expired_total"),
    /** Recipients that were only asked for. */
    RECIPIENTS_PROBED("recipients_probed_total"),
    /** Recipients to be tried again though a server may have them: the connection broke before its last reply. */
    DUPLICATES_POSSIBLE("duplicates_possible_total"),
    /** Group commits. */
    COMMITS("commits_total"),
    /** Calls to fdatasync; a group commit takes one or two. */
    SYNCS("syncs_total");

    private final String text;

    Count(String text) {
        this.text = text;
    }

    /** As it is shown; the unit is its last word, where it is not just a number of things. */
    public String text() {
        return text;
    }
}
