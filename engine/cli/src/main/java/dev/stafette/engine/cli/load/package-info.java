// SPDX-License-Identifier: Apache-2.0
/**
 * smtp-source(1) and smtp-sink(1): test programs with the flags of Postfix's, on the source and the sink of {@code
 * load}.
 *
 * <p>Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.load;

import org.jspecify.annotations.NullMarked;
