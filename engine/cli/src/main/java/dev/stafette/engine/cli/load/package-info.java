// SPDX-License-Identifier: Apache-2.0
/**
 * {@code smtp-source} and {@code smtp-sink}: test programs with the flags of Postfix's, on the source and the sink of {@code
 * load}.
 *
 * <p>Thread: main.
 *
 * <p>In Postfix: smtp-source(1), smtp-sink(1).
 */
@NullMarked
package dev.stafette.engine.cli.load;

import org.jspecify.annotations.NullMarked;
