// SPDX-License-Identifier: Apache-2.0
/**
 * DomainKeys Identified Mail (RFC 6376, RFC 8463): the canonical forms of header and body, and the field that a signer adds.
 *
 * <p>It refuses to know keys and cryptographic providers: what is to be signed goes out as bytes, and a signature comes in.
 */
@NullMarked
package dev.stafette.codec.dkim;

import org.jspecify.annotations.NullMarked;
