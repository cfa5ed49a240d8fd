// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one transport.
 * Thread: any (a value).
 *
 * @param webAuthorities who vouches for servers that a policy of MTA-STS names
 * @param starSpansLabels in a certificate a star stands for one label or more ({@code tls_wildcard_matches_multiple_labels})
 * @param isWrapped the handshake comes first ({@code smtp_tls_wrappermode})
 * @param notesOffers of STARTTLS that are not taken up ({@code smtp_tls_note_starttls_offer})
 * @param logLevel {@code smtp_tls_loglevel}
 * @param timeout of STARTTLS and of the handshake ({@code smtp_starttls_timeout})
 * @param reports hears what comes of it; null: nobody does ({@code smtp_tlsrpt_enable})
 */
public record ClientTls(
        TlsPolicies policies,
        ClientContexts contexts,
        Authorities authorities,
        Authorities webAuthorities,
        Fingerprint fingerprint,
        boolean starSpansLabels,
        boolean isWrapped,
        boolean notesOffers,
        TlsLogLevel logLevel,
        Duration timeout,
        @Nullable TlsReports reports) {
    /** No TLS. */
    public static final ClientTls NONE = new ClientTls(
            TlsPolicies.NONE,
            new ClientContexts(TlsEngine.JDK, List.of(), Duration.ZERO),
            Authorities.NONE,
            Authorities.NONE,
            Fingerprint.of("sha256"),
            true,
            false,
            false,
            TlsLogLevel.NONE,
            Duration.ofSeconds(300),
            null);

    /** Without reports. */
    public ClientTls(
            TlsPolicies policies,
            ClientContexts contexts,
            Authorities authorities,
            Authorities webAuthorities,
            Fingerprint fingerprint,
            boolean starSpansLabels,
            boolean isWrapped,
            boolean notesOffers,
            TlsLogLevel logLevel,
            Duration timeout) {
        this(
                policies,
                contexts,
                authorities,
                webAuthorities,
                fingerprint,
                starSpansLabels,
                isWrapped,
                notesOffers,
                logLevel,
                timeout,
                null);
    }

    /** The same, with offers noted. */
    public ClientTls withNotes() {
        return new ClientTls(
                policies,
                contexts,
                authorities,
                webAuthorities,
                fingerprint,
                starSpansLabels,
                isWrapped,
                true,
                logLevel,
                timeout,
                reports);
    }
}
