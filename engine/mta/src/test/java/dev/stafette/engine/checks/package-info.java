// SPDX-License-Identifier: Apache-2.0
@NullUnmarked
package dev.stafette.engine.checks;

import org.jspecify.annotations.NullUnmarked;
