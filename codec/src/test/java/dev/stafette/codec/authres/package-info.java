// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.stafette.codec.authres;

import org.jspecify.annotations.NullMarked;
