// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.delivery.DnsSection;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.tls.TicketKeys;
import dev.stafette.engine.verify.AddressVerifier;

/**
 * What everything else runs on: threads, loops, name servers, and where it says and counts what it does.
 * Thread: start-up; its parts are for any.
 *
 * @param workers for what waits for the disk
 * @param signing for what takes a processor for a while
 * @param addresses whether they are deliverable
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
        TicketKeys tickets) {
    static Machinery start(Settings settings, MailLog log, OpenParts parts) {
        Metrics metrics = new Metrics(System.currentTimeMillis());
        Workers workers = parts.opened(Workers.ofDisk());
        Workers signing = parts.opened(Workers.ofProcessors("signer-"));
        SessionLoops loops = parts.opened(SessionLoops.start());
        DnsClients dns = parts.opened(new DnsClients(DnsSection.of(settings), loops.in(), loops.out()));
        AddressVerifier addresses =
                parts.opened(new AddressVerifier(loops.in().next(), workers, System::currentTimeMillis, log));
        return new Machinery(log, metrics, workers, signing, loops, dns, addresses, new TicketKeys());
    }
}
