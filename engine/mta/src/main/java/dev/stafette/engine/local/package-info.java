// SPDX-License-Identifier: Apache-2.0
/**
 * Where mail for this machine's own users ends: aliases, {@code .forward} files and mailboxes of accounts, Postfix's local(8);
 * and mailboxes of users without an account, its virtual(8).
 *
 * <p>Thread: delivery workers, one a turn of a mailbox; what they decide they decide by tables and files, which may make them wait. It
 * refuses to know how a file is written and as whom. RFC 5321 §3.9, §4.4.
 */
@NullMarked
package dev.stafette.engine.local;

import org.jspecify.annotations.NullMarked;
