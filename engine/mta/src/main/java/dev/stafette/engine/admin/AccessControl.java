// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

/**
 * What users of this machine may ask for who have no right to administer.
 * Thread: any; the answers come on whatever thread has them.
 */
public interface AccessControl {
    /** What a command does for them. */
    enum Right {
        VIEW,
        FLUSH
    }

    /** {@code user}: the name that the system has for him. */
    void check(Right right, String user, ReasonListener listener);

    /** Hears why somebody may not; empty when he may. */
    interface ReasonListener {
        void onReason(String reason);
    }
}
