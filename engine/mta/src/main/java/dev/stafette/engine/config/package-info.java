// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration: main.cf and master.cf in Postfix's syntax, the table of parameters, and their values, typed and
 * checked. The only reader of these files, of the environment and of system properties.
 *
 * <p>Thread: start-up and reload; what it gives out does not change. It refuses to know what the values are used for.
 *
 * <p>From text to a record: {@link dev.stafette.engine.config.syntax.MainCf} (syntax) → {@link
 * dev.stafette.engine.config.Settings} (expanded, typed, with the overrides of one master.cf row) → a section, in the room
 * that wires it, which fills one module's record.
 *
 * <p>In Postfix: the library that all daemons read postconf(5) and master(5) with.
 */
@NullMarked
package dev.stafette.engine.config;

import org.jspecify.annotations.NullMarked;
