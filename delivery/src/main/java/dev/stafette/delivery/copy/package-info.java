// SPDX-License-Identifier: Apache-2.0
/**
 * Messages as programs and mailbox files get them: lines of their own end, with what a final delivery puts in front.
 * Postfix's mail_copy(3).
 *
 * <p>Thread: the caller's, which may block. It refuses to know where the copy goes. RFC 5321 §4.4, §4.5.2.
 */
@NullMarked
package dev.stafette.delivery.copy;

import org.jspecify.annotations.NullMarked;
