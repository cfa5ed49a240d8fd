// SPDX-License-Identifier: Apache-2.0
/** The envelope of a message (RFC 5321 §2.3.1, 3461): what travels beside its content. */
@NullMarked
package dev.stafette.codec.envelope;

import org.jspecify.annotations.NullMarked;
