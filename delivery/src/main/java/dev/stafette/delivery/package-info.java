// SPDX-License-Identifier: Apache-2.0
/**
 * Carries one request to its destination and reports one outcome a recipient. Transports answer on their own event
 * loops and never wait for one server for another's sake.
 *
 * <p>It refuses to know queue files, retry times and lookup-table formats. RFC 5321 §3.3, §4.5.4, §5; RFC 2920; RFC 7505.
 */
@NullMarked
package dev.stafette.delivery;

import org.jspecify.annotations.NullMarked;
