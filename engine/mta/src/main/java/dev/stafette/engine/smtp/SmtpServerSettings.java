// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.milter.MilterRules;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.proxy.ProxySettings;
import dev.stafette.engine.restriction.RecipientRoutes;
import dev.stafette.engine.restriction.ReplyFooter;
import dev.stafette.engine.restriction.Restrictions;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import dev.stafette.engine.tls.ServerTls;
import dev.stafette.engine.verify.ProbeSender;
import org.jspecify.annotations.Nullable;

/**
 * All that decides how one smtpd row of master.cf behaves.
 * Thread: any (a value).
 *
 * @param hostName {@code myhostname}
 * @param banner {@code smtpd_banner}
 * @param commandFilter null: none
 * @param probeSender of our own probes: mail for it is never refused
 * @param footer null: none
 * @param milters that see its mail
 * @param proxy the filter that gets its mail in the place of the queue; null: none
 * @param postmaster hears of sessions that go wrong
 * @param flushDomains {@code fast_flush_domains}: what ETRN may ask for
 */
public record SmtpServerSettings(
        String hostName,
        String banner,
        ProtocolRules protocol,
        @Nullable CommandFilter commandFilter,
        SessionLimits limits,
        ClientRules clients,
        EnvelopeRewriter rewriter,
        RecipientRoutes recipients,
        ProbeSender probeSender,
        Restrictions restrictions,
        AuthRules auth,
        @Nullable ReplyFooter footer,
        IntakeSettings intake,
        MilterRules milters,
        @Nullable ProxySettings proxy,
        Postmaster postmaster,
        FlushDomains flushDomains,
        ServerTls tls) {
    /** {@code settings}: main.cf; the overrides of the row are applied here. {@code tables}: opens those of its lists. */
    public static SmtpServerSettings of(
            Settings settings, ServiceRow row, ListTables tables, CleanupServices cleanups, ServiceSources sources) {
        Settings own = settings.forService(row);
        Settings resolver = own.ofResolver();
        AddressClasses resolved = AddressClasses.of(resolver, tables);
        AddressRewriter addresses = AddressRewriter.of(resolver, resolved);
        ServerTls tls = ServerTls.of(own, sources.contexts());
        return new SmtpServerSettings(
                own.text("myhostname"),
                own.text("smtpd_banner"),
                ProtocolRules.of(own),
                CommandFilter.of(own, "smtpd_command_filter", tables),
                SessionLimits.of(own, cleanups.messageBytesMax(own)),
                ClientRules.of(own, AddressClasses.of(own, tables), tables),
                new EnvelopeRewriter(addresses),
                RecipientRoutes.of(own, resolved, tables),
                ProbeSender.of(own, addresses),
                Restrictions.of(own, tables, sources.restrictions()),
                AuthRules.of(own, tables, sources.logins(), tls),
                ReplyFooter.of(own, tables),
                cleanups.of(own),
                MilterRules.ofServer(own, tables, sources.milters()),
                ProxySettings.of(
                        own,
                        sources.milters().queueDirectory(),
                        sources.milters().workers()),
                Postmaster.of(own, addresses, cleanups),
                FlushDomains.of(own, settings, tables),
                tls);
    }
}
