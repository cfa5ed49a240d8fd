// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Consumer;

/** Checks logins. Thread: event loop of whoever asks, where the listeners hear, within bounded time. */
public interface AuthServer extends AutoCloseable {
    /** The listener hears once what the server knows now, in its order; nothing: nobody answers. */
    void findMechanisms(EventLoop loop, Consumer<List<AuthMechanism>> listener);

    /** The listener hears the first reply once. */
    AuthExchange begin(EventLoop loop, AuthRequest request, Consumer<AuthReply> listener);

    /** Nothing is kept any more; what is under way comes to its end. */
    @Override
    void close();
}
