// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Asks the process to end at once.
 * Thread: admin.
 */
final class AbortCommand implements AdminCommand<AdminRequest.Abort> {
    private final ProcessControl process;

    AbortCommand(ProcessControl process) {
        this.process = process;
    }

    @Override
    public void run(AdminRequest.Abort request, AdminAnswer answer) {
        answer.done();
        // The answer goes out first: the next turn of the loop may be the last one.
        answer.executeSoon(process::abort);
    }
}
