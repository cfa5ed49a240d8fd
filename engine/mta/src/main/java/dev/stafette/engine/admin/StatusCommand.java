// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Says that the process is there, and which.
 * Thread: admin.
 */
final class StatusCommand implements AdminCommand<AdminRequest.Status> {
    @Override
    public void run(AdminRequest.Status request, AdminAnswer answer) {
        answer.row(new AnswerRow.ProcessFound(ProcessHandle.current().pid()));
        answer.done();
    }
}
