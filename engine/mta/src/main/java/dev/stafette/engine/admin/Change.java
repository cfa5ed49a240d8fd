// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import org.jspecify.annotations.Nullable;

/**
 * What can be done to a message, and what the mail log calls it afterwards.
 * Thread: any (values).
 */
public enum Change {
    DELETE("delete", "removed"),
    REQUEUE("requeue", "requeued"),
    RELEASE("release", "released from hold"),
    HOLD("hold", "placed on hold"),
    EXPIRE("expire", "expired");

    private final String text;
    private final String done;

    Change(String text, String done) {
        this.text = text;
        this.done = done;
    }

    /** Null for a word that is none of them. */
    static @Nullable Change of(String text) {
        for (Change change : values()) {
            if (change.text.equals(text)) {
                return change;
            }
        }
        return null;
    }

    public String text() {
        return text;
    }

    public String done() {
        return done;
    }
}
