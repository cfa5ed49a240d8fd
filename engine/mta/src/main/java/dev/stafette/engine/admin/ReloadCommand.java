// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.List;

/**
 * Has the configuration read again.
 * Thread: admin.
 */
final class ReloadCommand implements AdminCommand<AdminRequest.Reload> {
    private final ProcessControl process;

    ReloadCommand(ProcessControl process) {
        this.process = process;
    }

    @Override
    public void run(AdminRequest.Reload request, AdminAnswer answer) {
        List<String> warnings;
        try {
            warnings = process.reload();
        } catch (ConfigException e) {
            answer.fail(String.valueOf(e.getMessage()));
            return;
        }
        warnings.forEach(warning -> answer.row(new AnswerRow.Warning(warning)));
        answer.done();
    }
}
