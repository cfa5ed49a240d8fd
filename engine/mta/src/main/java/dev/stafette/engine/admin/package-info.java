// SPDX-License-Identifier: Apache-2.0
/**
 * Administration of the running process. A command is a value in ({@link dev.stafette.engine.admin.AdminRequest}) and rows
 * of values out, one class a command; how they are written is a codec's business: JSON lines on a Unix-domain socket in the
 * queue directory. The permissions of the socket decide who may. A second socket is for all users, with the two commands
 * that they may need: there the system says who asks, and main.cf whether he may.
 *
 * <p>Thread: {@code admin}, which owns the socket and every connection and never blocks. What a command wants of
 * the queue it asks of the agent ({@link dev.stafette.engine.admin.AdministeredQueue},
 * {@link dev.stafette.engine.admin.AdministeredChanges}); answers come back to this thread. It refuses to know how the
 * queue is stored or scheduled.
 *
 * <p>In Postfix: showq(8), and what postsuper(1) does to queue files.
 */
@NullMarked
package dev.stafette.engine.admin;

import org.jspecify.annotations.NullMarked;
