// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.ReplyFilter;
import dev.stafette.engine.policy.PolicyServers;
import dev.stafette.engine.verify.AddressVerifier;

/**
 * Whom checks ask beside tables.
 * Thread: any (a value).
 *
 * @param names the DNS; a service may ignore some of it
 * @param policies of this configuration
 * @param addresses whether they are deliverable
 * @param log takes what they say beside their answers
 */
public record RestrictionSources(NameQuestions names, PolicyServers policies, AddressVerifier addresses, MailLog log) {
    RestrictionSources of(Settings settings, ListTables tables) {
        ReplyFilter filter = ReplyFilter.of(
                settings,
                "smtpd_dns_reply_filter",
                tables,
                text -> log.info("smtpd", text),
                text -> log.warning("smtpd", text));
        return new RestrictionSources(names.filtered(filter), policies, addresses, log);
    }
}
