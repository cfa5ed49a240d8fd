// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

/**
 * When a list of restrictions is looked at.
 * Thread: any (a value).
 */
public enum RestrictionStage {
    CLIENT("smtpd_client_restrictions", Subject.CLIENT, "check_client_access"),
    HELO("smtpd_helo_restrictions", Subject.HELO, "check_helo_access"),
    SENDER("smtpd_sender_restrictions", Subject.SENDER, "check_sender_access"),
    RELAY("smtpd_relay_restrictions", Subject.RECIPIENT, "check_recipient_access"),
    RECIPIENT("smtpd_recipient_restrictions", Subject.RECIPIENT, "check_recipient_access"),
    DATA("smtpd_data_restrictions", Subject.DATA, ""),
    END_OF_DATA("smtpd_end_of_data_restrictions", Subject.END_OF_DATA, ""),
    ETRN("smtpd_etrn_restrictions", Subject.ETRN, "check_etrn_access");

    private final String parameter;
    private final Subject subject;
    private final String tableCheck;

    RestrictionStage(String parameter, Subject subject, String tableCheck) {
        this.parameter = parameter;
        this.subject = subject;
        this.tableCheck = tableCheck;
    }

    public String parameter() {
        return parameter;
    }

    Subject subject() {
        return subject;
    }

    /** What a bare {@code type:table} in the list is short for; empty: nothing. */
    String tableCheck() {
        return tableCheck;
    }
}
