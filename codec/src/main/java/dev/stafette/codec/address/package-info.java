// SPDX-License-Identifier: Apache-2.0
/** Mailboxes, domains and paths (RFC 5321 §4.1.2, 6531): parsed once, kept in canonical form. */
@NullMarked
package dev.stafette.codec.address;

import org.jspecify.annotations.NullMarked;
