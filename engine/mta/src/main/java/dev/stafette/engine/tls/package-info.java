// SPDX-License-Identifier: Apache-2.0
/**
 * TLS as main.cf has it: the levels, keys, lists and contexts of each smtpd row, and the keys of session tickets. What tlsmgr(8)
 * and tlsproxy(8) do in Postfix, and the TLS part of smtpd(8).
 * It knows nothing of sessions; those take their handlers from here (RFC 3207, RFC 8314).
 */
@NullMarked
package dev.stafette.engine.tls;

import org.jspecify.annotations.NullMarked;
