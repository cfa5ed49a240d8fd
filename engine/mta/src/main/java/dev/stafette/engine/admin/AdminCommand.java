// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Answers one kind of request.
 * Thread: admin; it must not block.
 */
interface AdminCommand<R extends AdminRequest> {
    void run(R request, AdminAnswer answer);
}
