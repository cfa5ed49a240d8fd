// SPDX-License-Identifier: Apache-2.0
/** Enhanced status codes (RFC 3463) and what they mean for a recipient. */
@NullMarked
package dev.stafette.codec.status;

import org.jspecify.annotations.NullMarked;
