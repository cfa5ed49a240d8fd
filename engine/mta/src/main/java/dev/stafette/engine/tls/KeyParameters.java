// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import java.util.List;

/**
 * The parameters that name the files of keys and certificates. ECDSA comes first: it costs a tenth of RSA's time.
 * Thread: any (a value).
 *
 * @param chains if it says something, the others do not count
 * @param certificates with {@code keys}, one for one
 */
public record KeyParameters(String chains, List<String> certificates, List<String> keys) {
    public static final KeyParameters SERVER = new KeyParameters(
            "smtpd_tls_chain_files",
            List.of("smtpd_tls_eccert_file", "smtpd_tls_cert_file"),
            List.of("smtpd_tls_eckey_file", "smtpd_tls_key_file"));

    public static final KeyParameters CLIENT = new KeyParameters(
            "smtp_tls_chain_files",
            List.of("smtp_tls_eccert_file", "smtp_tls_cert_file"),
            List.of("smtp_tls_eckey_file", "smtp_tls_key_file"));
}
