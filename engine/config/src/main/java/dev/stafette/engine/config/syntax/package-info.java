// SPDX-License-Identifier: Apache-2.0
/**
 * The language of main.cf and master.cf: logical lines, words and braces, addresses and networks; and what the
 * files and the machine are asked for. Thread: start-up and reload. It refuses to know the names of parameters.
 *
 * <p>In Postfix: the library that all daemons read their parameters and master(5) with.
 */
@NullMarked
package dev.stafette.engine.config.syntax;

import org.jspecify.annotations.NullMarked;
