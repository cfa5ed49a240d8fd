// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.engine.tlsrpt;

import org.jspecify.annotations.NullMarked;
