// SPDX-License-Identifier: Apache-2.0
/**
 * Lists of domains, networks and names with files and tables in them, in the order in which Postfix asks them
 * (match_list(3)). Thread: any; a list does not change. Of the three answers, "not now" is never taken for "not in
 * the list".
 */
@NullMarked
package dev.stafette.engine.match;

import org.jspecify.annotations.NullMarked;
