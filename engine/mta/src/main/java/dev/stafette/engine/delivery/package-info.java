// SPDX-License-Identifier: Apache-2.0
/**
 * The ways out: the transports that master.cf names, and what main.cf says to them and about finding their servers.
 * Postfix's smtp(8), lmtp(8), pipe(8), error(8) and discard(8), as far as they are configured; generic(5) stands before the first.
 *
 * <p>Thread: start-up, reload and stop; the transports run on loops of their own. It refuses to know who is tried when.
 */
@NullMarked
package dev.stafette.engine.delivery;

import org.jspecify.annotations.NullMarked;
