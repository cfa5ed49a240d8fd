// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.util.function.Consumer;

/** One client that logs in, between the first request and the last reply. Thread: event loop. */
public interface AuthExchange {
    /** The answer to a challenge, base64. The listener hears the reply once, on the loop. */
    void respond(String base64, Consumer<AuthReply> listener);

    /** The client has given up, or gone; nobody hears of it any more. */
    void abandon();
}
