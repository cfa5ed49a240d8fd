// SPDX-License-Identifier: Apache-2.0
/**
 * Tables of patterns: regexp, pcre, cidr. Rules are asked from the top, by the whole key. Thread: any.
 */
@NullMarked
package dev.stafette.engine.table.pattern;

import org.jspecify.annotations.NullMarked;
