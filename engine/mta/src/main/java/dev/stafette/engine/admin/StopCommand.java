// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Asks the process to end in good order.
 * Thread: admin.
 */
final class StopCommand implements AdminCommand<AdminRequest.Stop> {
    private final ProcessControl process;

    StopCommand(ProcessControl process) {
        this.process = process;
    }

    @Override
    public void run(AdminRequest.Stop request, AdminAnswer answer) {
        answer.done();
        // The answer goes out first: the next turn of the loop may be the last one.
        answer.executeSoon(process::stop);
    }
}
