// SPDX-License-Identifier: Apache-2.0
/**
 * Where mail goes: transport and next hop of a recipient, by the class of its domain and by tables, as trivial-rewrite(8)
 * resolves them.
 *
 * <p>Thread: any; everything here is made once from the configuration and does not change, but for what a reload puts in its
 * place. It refuses to know when mail is tried and by whom, and what an address looked like before it was rewritten.
 */
@NullMarked
package dev.stafette.engine.route;

import org.jspecify.annotations.NullMarked;
