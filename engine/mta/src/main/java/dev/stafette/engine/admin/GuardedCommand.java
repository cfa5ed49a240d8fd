// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.AccessControl.Right;

/**
 * A command that is run for those only who may ask for it.
 * Thread: admin.
 */
final class GuardedCommand implements AdminCommand {
    private final AdminCommand command;
    private final AccessControl access;
    private final Right right;

    GuardedCommand(AdminCommand command, AccessControl access, Right right) {
        this.command = command;
        this.access = access;
        this.right = right;
    }

    @Override
    public String name() {
        return command.name();
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        access.check(
                right,
                answer.caller(),
                reason -> answer.execute(() -> {
                    if (reason.isEmpty()) {
                        command.run(request, answer);
                    } else {
                        answer.fail(reason);
                    }
                }));
    }
}
