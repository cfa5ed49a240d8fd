// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

/** How a command ended, for counts and limits. */
enum Outcome {
    ACCEPTED,
    /** It counts as an error. */
    REFUSED,
    /** Content follows, or a commit is waited for: the session will be told. */
    PENDING,
    /** A table is asked: the session goes on when it has answered. */
    WAITING;

    static Outcome of(boolean accepted) {
        return accepted ? ACCEPTED : REFUSED;
    }
}
