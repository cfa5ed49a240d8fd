// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.restriction.ConnectionFacts;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.MessageFacts;

/**
 * What is known of a session for what stands below its refusals.
 * Thread: event loop.
 */
final class ReplyFacts {
    private ReplyFacts() {}

    /** The recipient is the first that was taken. */
    static Facts of(SessionClient client, SessionState state, ConnectionFacts connection) {
        Transaction open = state.transaction();
        return new Facts(
                client.standing().facts(),
                state.hello().name(),
                open == null ? null : open.givenSender(),
                open == null ? null : open.sender(),
                open == null ? null : open.firstRecipient(),
                "",
                MessageFacts.NONE,
                connection);
    }
}
