// SPDX-License-Identifier: Apache-2.0
/** The SMTP grammar of both sides (RFC 5321 §4, 2920, 1870, 3030, 3461): commands, replies, line framing, dot-stuffing and BDAT counting. Peer input never raises an exception: what cannot be parsed is a value too. */
@NullMarked
package dev.stafette.codec.smtp;

import org.jspecify.annotations.NullMarked;
