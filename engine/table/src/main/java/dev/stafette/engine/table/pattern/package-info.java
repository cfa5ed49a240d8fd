// SPDX-License-Identifier: Apache-2.0
/**
 * Tables of patterns: regexp, pcre, cidr. Rules are asked from the top, by the whole key. Thread: any.
 *
 * <p>In Postfix: regexp_table(5), pcre_table(5), cidr_table(5).
 */
@NullMarked
package dev.stafette.engine.table.pattern;

import org.jspecify.annotations.NullMarked;
