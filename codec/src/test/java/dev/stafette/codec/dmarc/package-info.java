// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.codec.dmarc;

import org.jspecify.annotations.NullMarked;
