// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.identity;

/**
 * An account of the machine, as far as the kernel knows it. As in Postfix its one group is all that it brings along: those
 * of {@code /etc/group} give no right to a delivery.
 * Thread: any (a value).
 *
 * @param name for messages
 */
public record UserIds(String name, int uid, int gid) {
    /** The super-user, by either id: nothing is ever delivered with its rights. */
    public boolean isPrivileged() {
        return uid == 0 || gid == 0;
    }
}
