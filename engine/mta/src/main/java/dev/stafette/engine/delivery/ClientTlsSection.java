// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.ClientContexts;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicies;
import dev.stafette.delivery.tls.TlsReports;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.sts.PublishedPolicies;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.tls.KeyParameters;
import dev.stafette.engine.tls.LogLevels;
import dev.stafette.engine.tls.TlsFiles;
import java.util.List;
import java.util.function.Consumer;

/**
 * What main.cf and a row of master.cf say of an SMTP client's TLS.
 * Thread: start-up and reload.
 */
final class ClientTlsSection {
    private ClientTlsSection() {}

    /** {@code warnings}: gets what is not as it was asked for. */
    static ClientTls of(
            Settings settings,
            ListTables tables,
            PublishedPolicies published,
            TlsReports reports,
            Consumer<String> warnings) {
        PolicyTerms terms = new PolicyTerms(settings);
        List<Table> policies = settings.tables("smtp_tls_policy_maps", tables);
        boolean isWrapped = settings.flag("smtp_tls_wrappermode");
        if (isWrapped && !terms.level().isRequired()) {
            throw settings.bad("smtp_tls_wrappermode", "smtp_tls_security_level = encrypt, or more, with it");
        }
        String noRecords = DaneSection.whyUnavailable(settings);
        if (noRecords != null && (terms.level() == TlsLevel.DANE || terms.level() == TlsLevel.DANE_ONLY)) {
            warnings.accept("smtp_tls_security_level = " + settings.text("smtp_tls_security_level") + ' ' + noRecords
                    + (terms.level() == TlsLevel.DANE ? "; taken for \"may\"" : "; no mail is sent"));
        }
        List<Table> sites = policies.isEmpty() ? settings.tables("smtp_tls_per_site", tables) : List.of();
        if (!policies.isEmpty() && !settings.words("smtp_tls_per_site").isEmpty()) {
            warnings.accept(settings.meant("smtp_tls_per_site") + " ignored when "
                    + settings.meant("smtp_tls_policy_maps") + " is not empty.");
        }
        boolean isUsed = terms.level() != TlsLevel.NONE || !policies.isEmpty() || !sites.isEmpty();
        if (!isUsed) {
            // Keys that nobody uses need not be readable.
            return settings.flag("smtp_tls_note_starttls_offer") ? ClientTls.NONE.withNotes() : ClientTls.NONE;
        }
        // LMTP has next hops that are hosts.
        boolean followsPolicies = !settings.isOfLmtp() && settings.flag("tls_mta_sts_enable");
        TlsPolicies listed = new PolicyTables(
                settings.meant("smtp_tls_policy_maps"), policies, terms, followsPolicies ? published : null, warnings);
        Authorities authorities =
                TlsFiles.authorities(settings, "smtp_tls_CAfile", "smtp_tls_CApath", "smtp_tls_scert_verifydepth");
        return new ClientTls(
                sites.isEmpty()
                        ? listed
                        : new SiteTables(settings.meant("smtp_tls_per_site"), sites, terms, listed, warnings),
                new ClientContexts(
                        TlsEngine.best(),
                        TlsFiles.chains(settings, KeyParameters.CLIENT).stream()
                                .map(authorities::complete)
                                .toList(),
                        settings.time("smtp_tls_session_cache_timeout")),
                authorities,
                followsPolicies ? TlsFiles.systemAuthorities(settings) : Authorities.NONE,
                fingerprint(settings),
                settings.flag("tls_wildcard_matches_multiple_labels"),
                isWrapped,
                settings.flag("smtp_tls_note_starttls_offer"),
                LogLevels.of(settings, "smtp_tls_loglevel", warnings),
                settings.time("smtp_starttls_timeout"),
                terms.reports() ? heard(reports, !settings.flag("smtp_tlsrpt_skip_reused_handshakes")) : null);
    }

    private static TlsReports heard(TlsReports reports, boolean countsResumed) {
        return new TlsReports() {
            @Override
            public void add(TlsEvent event) {
                reports.add(event);
            }

            @Override
            public boolean countsResumed() {
                return countsResumed;
            }
        };
    }

    private static Fingerprint fingerprint(Settings settings) {
        try {
            return Fingerprint.of(settings.text("smtp_tls_fingerprint_digest"));
        } catch (TlsException e) {
            throw settings.bad("smtp_tls_fingerprint_digest", "md5, sha1, sha256, sha384 or sha512");
        }
    }
}
