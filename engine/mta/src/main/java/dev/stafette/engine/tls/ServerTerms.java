// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.TlsVersion;
import java.time.Duration;
import java.util.Set;

/**
 * What a server agrees to in a handshake.
 * Thread: any (a value).
 *
 * @param prefersOwnOrder {@code tls_preempt_cipherlist}: its order of suites counts, not the client's
 * @param asksCertificate of the client; it may have none
 * @param authorities who may vouch for that
 * @param fingerprint {@code smtpd_tls_fingerprint_digest}
 * @param sessionTimeout {@code smtpd_tls_session_cache_timeout}; zero: no session is resumed
 */
public record ServerTerms(
        Set<TlsVersion> protocols,
        CipherList ciphers,
        boolean prefersOwnOrder,
        boolean asksCertificate,
        Authorities authorities,
        Fingerprint fingerprint,
        Duration sessionTimeout) {
    boolean hasTickets() {
        return !sessionTimeout.isZero();
    }
}
