// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.pickup.MaildropEntry;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts what waits in {@code maildrop/} by domain and age.
 * Thread: admin.
 */
final class MaildropShape {
    private final AdminRequest.CountDomains question;
    private final long nowMs;
    private final Map<String, long[]> counts;

    /** Adds to {@code counts}: one number for each age group, by domain. */
    MaildropShape(AdminRequest.CountDomains question, long nowMs, Map<String, long[]> counts) {
        this.question = question;
        this.nowMs = nowMs;
        this.counts = counts;
    }

    void add(MaildropEntry message) {
        int group = group((nowMs - message.arrivalMs()) / 1000);
        if (question.senders()) {
            count(message.sender(), group);
            return;
        }
        for (String recipient : message.recipients()) {
            count(recipient, group);
        }
    }

    private int group(long ageSeconds) {
        List<Long> limits = question.ageLimitsSeconds();
        int group = 0;
        while (group < limits.size() && ageSeconds >= limits.get(group)) {
            group++;
        }
        return group;
    }

    /** As in the queue an address without a domain counts by itself. */
    private void count(String address, int group) {
        String domain = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        long[] row = counts.computeIfAbsent(
                domain, name -> new long[question.ageLimitsSeconds().size() + 1]);
        row[group]++;
    }
}
