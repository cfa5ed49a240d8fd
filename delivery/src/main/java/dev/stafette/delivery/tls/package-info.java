// SPDX-License-Identifier: Apache-2.0
/**
 * What a client and a server of TLS have in common: protocol and cipher lists in the syntax of Postfix and OpenSSL, keys and
 * authorities in PEM files, and what a handshake has come to. What tlsmgr(8) and the TLS library of Postfix do.
 * It knows nothing of parameters or of SMTP. BoringSSL does the work where its native library loads, else the engine of the
 * JDK: both are given the same suites by the same lists (RFC 8446, RFC 5246).
 */
@NullMarked
package dev.stafette.delivery.tls;

import org.jspecify.annotations.NullMarked;
