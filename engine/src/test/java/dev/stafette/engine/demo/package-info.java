// SPDX-License-Identifier: Apache-2.0
/** Tests of the load source, the sink and the demo. */
@NullMarked
package dev.stafette.engine.demo;

import org.jspecify.annotations.NullMarked;
