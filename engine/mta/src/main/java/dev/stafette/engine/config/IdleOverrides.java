// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What rows of master.cf say to programs of Postfix's whose work is done for all by one part of this process, which asks main.cf
 * or another row: there it would change something, and here it does not.
 * Thread: any (a value).
 */
final class IdleOverrides {
    /** One service of this program writes all reports. */
    private static final String REPORTS = "bounce";

    private static final Set<String> OF_REPORTS = Set.of(
            "2bounce_notice_recipient",
            "bounce_notice_recipient",
            "bounce_size_limit",
            "bounce_template_file",
            "delay_notice_recipient",
            "delay_warning_time",
            "double_bounce_sender",
            "header_from_format",
            "mail_name",
            "maximal_queue_lifetime",
            "myhostname",
            "notify_classes");

    private static final Map<String, Set<String>> OF_PROGRAMS = Map.of(
            "flush", Set.of("fast_flush_domains", "parent_domain_matches_subdomains"),
            "proxymap", Set.of("parent_domain_matches_subdomains"),
            "tlsmgr",
                    Set.of(
                            "lmtp_tls_session_cache_timeout",
                            "smtp_tls_session_cache_timeout",
                            "smtpd_tls_session_cache_timeout"));

    private IdleOverrides() {}

    /** One a line. */
    static List<String> warnings(Collection<ServiceRow> rows) {
        List<String> warnings = new ArrayList<>();
        for (ServiceRow row : rows) {
            boolean isOtherReports =
                    row.command().equals(REPORTS) && !row.name().equals(REPORTS);
            Set<String> idle = isOtherReports ? OF_REPORTS : OF_PROGRAMS.getOrDefault(row.command(), Set.of());
            for (String name : row.overrides().keySet()) {
                if (idle.contains(name)) {
                    warnings.add(row.origin() + ": service '" + row.name() + "/"
                            + row.type().text() + "': -o " + name
                            + " has no effect: what main.cf says holds"
                            + (isOtherReports ? ", or the row '" + REPORTS + "'" : ""));
                }
            }
        }
        return warnings;
    }
}
