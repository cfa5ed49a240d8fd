// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.feedback.ReturnAddresses;
import dev.stafette.engine.notice.NoticeSettings;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What main.cf says about reports to senders.
 * Thread: any (a value).
 *
 * @param origin {@code myorigin}: the domain of whoever sends them
 * @param bounceSizeLimitBytes {@code bounce_size_limit}: of a longer message only the header is returned
 * @param queueLifetimeMs {@code maximal_queue_lifetime}: how long a late message will be tried
 * @param verpBounces not {@code disable_verp_bounces}: each failure of a message with VERP is told of by itself
 * @param notices of which the postmaster gets a copy
 * @param redactsRequireTls {@code requiretls_redact_dsn}: reports of messages with REQUIRETLS go by any way
 * @param unread senders whose reports are in the event log, and nowhere else
 * @param wordings one for each kind, from {@code bounce_template_file}
 */
public record BounceSettings(
        String hostName,
        String origin,
        String mailName,
        long bounceSizeLimitBytes,
        long queueLifetimeMs,
        boolean verpBounces,
        NoticeSettings notices,
        Map<DsnKind, ReportWording> wordings,
        boolean redactsRequireTls,
        Predicate<MailAddress> unread) {
    public BounceSettings {
        wordings = Map.copyOf(wordings);
    }

    /** {@code warnings} gets what is wrong with templates that are left out. */
    public static BounceSettings of(Settings settings, NoticeSettings notices, Consumer<String> warnings) {
        ReturnAddresses returns = ReturnAddresses.of(settings);
        ReportTemplates templates = ReportTemplates.of(settings, warnings);
        return new BounceSettings(
                settings.text("myhostname"),
                settings.text("myorigin"),
                settings.text("mail_name"),
                settings.count("bounce_size_limit"),
                settings.time("maximal_queue_lifetime").toMillis(),
                !settings.flag("disable_verp_bounces"),
                notices,
                templates.wordings(settings, warnings),
                settings.flag("requiretls_redact_dsn"),
                sender -> returns != null && returns.isUnread(sender));
    }

    public ReportWording wording(DsnKind kind) {
        ReportWording wording = wordings.get(kind);
        if (wording == null) {
            throw new IllegalStateException("no words for " + kind);
        }
        return wording;
    }
}
