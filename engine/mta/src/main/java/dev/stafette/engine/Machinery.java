// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.delivery.deputy.DeputyClient;
import dev.stafette.delivery.deputy.DeputyIdentity;
import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.delivery.DnsSection;
import dev.stafette.engine.delivery.ProgramRoom;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.feedback.SeenReports;
import dev.stafette.engine.local.MailboxRoom;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.sts.StsPolicies;
import dev.stafette.engine.sts.StsService;
import dev.stafette.engine.tls.TicketKeys;
import dev.stafette.engine.tlsrpt.TlsReporter;
import dev.stafette.engine.verify.AddressVerifier;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What everything else runs on: threads, loops, name servers, and where it says and counts what it does.
 * Thread: start-up; its parts are for any.
 *
 * @param workers for what waits for the disk
 * @param signing for what takes a processor for a while
 * @param addresses whether they are deliverable
 * @param mailboxes where mail ends on this machine
 * @param programs those that get mail
 * @param published what domains publish of their servers' TLS
 * @param events what becomes of recipients; null: nobody wants to know
 * @param reports to domains, of TLS with those servers
 * @param seen bounces and complaints that have been told of
 * @param tickets outlive a reload, and with them the sessions that clients may resume
 */
record Machinery(
        MailLog log,
        Metrics metrics,
        Workers workers,
        Workers signing,
        SessionLoops loops,
        DnsClients dns,
        AddressVerifier addresses,
        TicketKeys tickets,
        MailboxRoom mailboxes,
        ProgramRoom programs,
        StsPolicies published,
        @Nullable EventLog events,
        TlsReporter reports,
        SeenReports seen) {
    static Machinery start(Configuration configuration, MailLog log, OpenParts parts) throws IOException {
        Settings settings = configuration.settings();
        Metrics metrics = new Metrics(System.currentTimeMillis());
        Workers workers = parts.opened(Workers.ofDisk());
        Workers signing = parts.opened(Workers.ofProcessors("signer-"));
        EventLog events = EventLog.open(settings, log);
        if (events != null) {
            parts.opened(events);
        }
        SessionLoops loops = parts.opened(SessionLoops.start());
        DnsClients dns = parts.opened(new DnsClients(DnsSection.of(settings), loops.in(), loops.out()));
        AddressVerifier addresses =
                parts.opened(new AddressVerifier(loops.in().next(), workers, System::currentTimeMillis, log));
        Workers deliveries = parts.opened(Workers.ofDeliveries());
        OwnIdentity identity = OwnIdentity.ofThisProcess();
        DeputyClient deputy = new DeputyClient(configuration.deputySocket());
        MailboxRoom mailboxes = MailboxRoom.of(
                new DeputyIdentity(identity, deputy),
                parts.opened(new AppendRecords(configuration.queueDirectory().resolve("appends"))),
                new LocalHost().name(),
                deliveries,
                log);
        ProgramRoom programs =
                parts.opened(ProgramRoom.open(configuration.queueDirectory(), identity, deputy, deliveries));
        TlsReporter reports = parts.opened(TlsReporter.open(
                settings,
                loops.in().next(),
                dns.ofAnyThread(),
                deliveries,
                workers,
                text -> log.info("tlsrpt", text),
                text -> log.warning("tlsrpt", text)));
        StsPolicies published = StsService.open(
                settings,
                dns.ofAnyThread(),
                deliveries,
                workers,
                settings.flag("smtp_tlsrpt_enable") ? reports : event -> {},
                text -> log.warning("smtp", text));
        return new Machinery(
                log,
                metrics,
                workers,
                signing,
                loops,
                dns,
                addresses,
                new TicketKeys(),
                mailboxes,
                programs,
                published,
                events,
                reports,
                new SeenReports());
    }
}
