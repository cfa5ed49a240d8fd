// SPDX-License-Identifier: Apache-2.0
/**
 * Where every command starts, and {@code stafette} itself; the others are in rooms by what they touch. They read their
 * flags, ask the running process over its admin socket, and print what Postfix's commands print.
 *
 * <p>Thread: main. A command must be there within a quarter of a second, and a JVM takes half of that: Postfix's commands
 * read their flags by hand and load few classes (no lambdas, streams, formatters or logging on their way).
 *
 * <p>In Postfix: its commands, in section 1 of the manual: sendmail(1), postqueue(1), postmap(1) and others.
 */
@NullMarked
package dev.stafette.engine.cli;

import org.jspecify.annotations.NullMarked;
