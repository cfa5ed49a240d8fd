// SPDX-License-Identifier: Apache-2.0
/**
 * Commands about a mail system as a whole: postfix, postmulti, postkick, postlog, postlock. Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.instance;

import org.jspecify.annotations.NullMarked;
