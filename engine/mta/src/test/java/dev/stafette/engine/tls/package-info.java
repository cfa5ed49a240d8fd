// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.engine.tls;

import org.jspecify.annotations.NullMarked;
