// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/** A server that says what a test has it say; it answers when the loop gets to it. */
public final class FakeAuthServer implements AuthServer {
    /** What it knows. */
    public final List<AuthMechanism> mechanisms = new ArrayList<>(List.of(
            new AuthMechanism("PLAIN", EnumSet.of(SecurityProperty.PLAINTEXT)),
            new AuthMechanism("SCRAM-SHA-256", EnumSet.of(SecurityProperty.MUTUAL_AUTH)),
            new AuthMechanism("ANONYMOUS", EnumSet.of(SecurityProperty.ANONYMOUS)),
            new AuthMechanism("EXTERNAL", EnumSet.noneOf(SecurityProperty.class))));

    /** What it says next, in this order; when there is nothing, it does not answer. */
    public final List<AuthReply> replies = new ArrayList<>();

    public final List<AuthRequest> requests = new ArrayList<>();
    public final List<String> responses = new ArrayList<>();
    public int abandonedCount;

    @Override
    public void findMechanisms(EventLoop loop, Consumer<List<AuthMechanism>> listener) {
        loop.execute(() -> listener.accept(mechanisms));
    }

    @Override
    public AuthExchange begin(EventLoop loop, AuthRequest request, Consumer<AuthReply> listener) {
        requests.add(request);
        answer(loop, listener);
        return new AuthExchange() {
            @Override
            public void respond(String base64, Consumer<AuthReply> next) {
                responses.add(base64);
                answer(loop, next);
            }

            @Override
            public void abandon() {
                abandonedCount++;
            }
        };
    }

    private void answer(EventLoop loop, Consumer<AuthReply> listener) {
        if (!replies.isEmpty()) {
            AuthReply reply = replies.remove(0);
            loop.execute(() -> listener.accept(reply));
        }
    }

    @Override
    public void close() {
        mechanisms.clear();
    }
}
