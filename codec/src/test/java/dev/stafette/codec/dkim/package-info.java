// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.codec.dkim;

import org.jspecify.annotations.NullMarked;
