// SPDX-License-Identifier: Apache-2.0
/**
 * The Authentication-Results field (RFC 8601): what a host has found out of a message, for those behind it who trust it.
 *
 * <p>It refuses to know how anything is found out.
 */
@NullMarked
package dev.stafette.codec.authres;

import org.jspecify.annotations.NullMarked;
