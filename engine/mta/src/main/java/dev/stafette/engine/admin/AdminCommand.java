// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * A command of the admin protocol.
 * Thread: admin; it must not block.
 */
interface AdminCommand {
    /** The value of {@code "command"} in the request. */
    String name();

    void run(JsonObject request, AdminAnswer answer);
}
