// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * A command that is run for those only who may ask for it.
 * Thread: admin.
 */
final class GuardedCommand<R extends AdminRequest> implements AdminCommand<R> {
    private final AdminCommand<R> command;
    private final ListedUsers users;
    private final UserRight right;

    GuardedCommand(AdminCommand<R> command, ListedUsers users, UserRight right) {
        this.command = command;
        this.users = users;
        this.right = right;
    }

    @Override
    public void run(R request, AdminAnswer answer) {
        users.check(
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
