// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Who reports, and how.
 * Thread: any (a value).
 *
 * @param organization {@code tlsrpt_organization_name}
 * @param contact {@code tlsrpt_contact}: the sender of reports
 * @param submitter the domain that reports, which is that of the contact
 * @param hostName {@code myhostname}
 * @param file {@code tlsrpt_data_file}
 * @param domainsMax {@code tlsrpt_domain_limit}
 * @param delay {@code tlsrpt_report_delay}: reports of a day leave within it
 * @param timeout {@code tlsrpt_post_timeout}
 */
record ReportSettings(
        String organization,
        MailAddress contact,
        String submitter,
        String hostName,
        Path file,
        int domainsMax,
        Duration delay,
        Duration timeout) {
    static ReportSettings of(Settings settings) {
        String contact = settings.text("tlsrpt_contact");
        int at = contact.lastIndexOf('@');
        if (at <= 0 || at == contact.length() - 1) {
            throw settings.bad("tlsrpt_contact", "an address with a domain");
        }
        return new ReportSettings(
                settings.text("tlsrpt_organization_name"),
                AddressList.split(contact),
                contact.substring(at + 1),
                settings.text("myhostname"),
                settings.queueDirectory().resolve(settings.text("tlsrpt_data_file")),
                settings.count("tlsrpt_domain_limit"),
                settings.time("tlsrpt_report_delay"),
                settings.time("tlsrpt_post_timeout"));
    }
}
