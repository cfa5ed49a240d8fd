// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.engine.spf;

import org.jspecify.annotations.NullMarked;
