// SPDX-License-Identifier: Apache-2.0
/** Tests of the demo. */
@NullMarked
package dev.stafette.engine.demo;

import org.jspecify.annotations.NullMarked;
