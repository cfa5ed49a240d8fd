// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of an address: its complete form, the class of its domain, the keys by which tables have it, and what
 * canonical, masquerade, virtual alias, copy and generic tables make of it, in envelope and header.
 *
 * <p>Thread: any; everything here is made once from the configuration and does not change. It refuses to know who asks,
 * and whether mail for the address is welcome.
 *
 * <p>In Postfix: trivial-rewrite(8), and the address mapping of cleanup(8).
 */
@NullMarked
package dev.stafette.engine.rewrite;

import org.jspecify.annotations.NullMarked;
