// SPDX-License-Identifier: Apache-2.0
/**
 * Puts messages into mailboxes of this machine: files with one message behind another (mbox), and directories with a file a
 * message (Maildir). What local(8) and virtual(8) share.
 *
 * <p>Thread: workers, which wait for locks and the disk; never an event loop. Everything is done within an
 * {@link dev.stafette.delivery.identity.Identity}. It refuses to know whose mailbox it is, and why the message goes there. RFC 4155; cr.yp.to/proto/maildir.html.
 */
@NullMarked
package dev.stafette.delivery.mailbox;

import org.jspecify.annotations.NullMarked;
