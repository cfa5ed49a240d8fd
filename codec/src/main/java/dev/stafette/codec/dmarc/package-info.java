// SPDX-License-Identifier: Apache-2.0
/**
 * What a domain wants done with mail in its name that is not its own (DMARC, RFC 7489, RFC 9091): records, and the domains that
 * belong together.
 *
 * <p>It refuses to know the DNS, files, and what becomes of a message.
 */
@NullMarked
package dev.stafette.codec.dmarc;

import org.jspecify.annotations.NullMarked;
