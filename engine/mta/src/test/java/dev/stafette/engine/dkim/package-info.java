// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.engine.dkim;

import org.jspecify.annotations.NullMarked;
