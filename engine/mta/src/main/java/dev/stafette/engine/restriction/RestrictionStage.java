// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * When a list of restrictions is looked at.
 * Thread: any (a value).
 */
public enum RestrictionStage {
    CLIENT("smtpd_client_restrictions", "Client host", "check_client_access"),
    HELO("smtpd_helo_restrictions", "Helo command", "check_helo_access"),
    SENDER("smtpd_sender_restrictions", "Sender address", "check_sender_access"),
    RELAY("smtpd_relay_restrictions", "Recipient address", "check_recipient_access"),
    RECIPIENT("smtpd_recipient_restrictions", "Recipient address", "check_recipient_access"),
    DATA("smtpd_data_restrictions", "Data command", ""),
    END_OF_DATA("smtpd_end_of_data_restrictions", "End-of-data", ""),
    ETRN("smtpd_etrn_restrictions", "Etrn command", "check_etrn_access");

    private final String parameter;
    private final String subject;
    private final String tableCheck;

    RestrictionStage(String parameter, String subject, String tableCheck) {
        this.parameter = parameter;
        this.subject = subject;
        this.tableCheck = tableCheck;
    }

    public String parameter() {
        return parameter;
    }

    /** What is refused, as replies call it. */
    String subject() {
        return subject;
    }

    /** What a bare {@code type:table} in the list is short for; empty: nothing. */
    String tableCheck() {
        return tableCheck;
    }
}
