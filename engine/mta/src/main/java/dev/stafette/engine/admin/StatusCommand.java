// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * Says that the process is there, and which.
 * Thread: admin.
 */
final class StatusCommand implements AdminCommand {
    @Override
    public String name() {
        return "status";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        answer.line(new JsonWriter()
                .beginObject()
                .key("pid")
                .value(ProcessHandle.current().pid())
                .endObject());
        answer.done();
    }
}
