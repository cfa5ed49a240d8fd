// SPDX-License-Identifier: Apache-2.0
/**
 * Commands about a mail system as a whole: postfix(1), postmulti(1), postkick(1), postlog(1), postlock(1). Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.instance;

import org.jspecify.annotations.NullMarked;
