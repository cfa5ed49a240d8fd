// SPDX-License-Identifier: Apache-2.0
/**
 * The delivery service: a small program of its own that root starts, and that does in other users' names what the mail process
 * may not; and the mail process's end of the line to it. They speak LMTP over a socket in the file system, with one extension
 * (see {@link dev.stafette.delivery.deputy.DeputySession}).
 *
 * <p>Thread: a session of the service has one, whose effective ids change for the length of a file work; its client blocks. It
 * refuses the super-user's ids and the mail system's own, and to know what a message is delivered for. RFC 2033.
 */
@NullMarked
package dev.stafette.delivery.deputy;

import org.jspecify.annotations.NullMarked;
