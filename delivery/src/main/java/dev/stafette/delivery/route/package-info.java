// SPDX-License-Identifier: Apache-2.0
/**
 * From a next hop to the addresses to try, in order (RFC 5321 §5.1, RFC 7505): MX, A and AAAA questions, preference
 * order, and detection of loops to this host. It refuses to know how questions are asked.
 */
@NullMarked
package dev.stafette.delivery.route;

import org.jspecify.annotations.NullMarked;
