// SPDX-License-Identifier: Apache-2.0
/**
 * What all commands share: words and streams, exit codes, the configuration that is meant, the question to the
 * running process, and the account that a command of root's works as. Thread: main.
 *
 * <p>In Postfix: the library that postqueue(1) and the other commands share.
 */
@NullMarked
package dev.stafette.engine.cli.terminal;

import org.jspecify.annotations.NullMarked;
