// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.List;

/**
 * Has the configuration read again.
 * Thread: admin.
 */
final class ReloadCommand implements AdminCommand {
    private final ProcessControl process;

    ReloadCommand(ProcessControl process) {
        this.process = process;
    }

    @Override
    public String name() {
        return "reload";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        List<String> warnings;
        try {
            warnings = process.reload();
        } catch (ConfigException e) {
            answer.fail(String.valueOf(e.getMessage()));
            return;
        }
        for (String warning : warnings) {
            answer.line(
                    new JsonWriter().beginObject().key("warning").value(warning).endObject());
        }
        answer.done();
    }
}
