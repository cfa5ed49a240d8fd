// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client that logs in by Dovecot.
 * Thread: event loop.
 *
 * <p>What has been asked is answered: by Dovecot, by the clock, or by the end of the connection. A connection that ends before
 * it has answered anything was an old one, and another is tried, once.
 */
final class DovecotExchange implements AuthExchange {
    /** Longer than Dovecot makes those wait who have failed before: 15 s, and 2 s. */
    static final long REPLY_MS_MAX = 30_000;

    private static final int TRIES_MAX = 2;
    private static final AuthReply LOST = new AuthReply.Rejected("Connection lost to authentication server", "", true);
    private static final AuthReply LATE =
            new AuthReply.Rejected("No answer in time from authentication server", "", true);

    private final DovecotLoop owner;
    private final AuthRequest request;

    // Owned by the loop.
    private @Nullable Consumer<AuthReply> listener;
    private @Nullable DovecotConnection connection;
    private @Nullable Future<?> timer;
    private int id;
    private int tryCount;
    private boolean isAnswered;
    private boolean isOver;

    DovecotExchange(DovecotLoop owner, AuthRequest request, Consumer<AuthReply> listener) {
        this.owner = owner;
        this.request = request;
        await(listener);
    }

    private void await(Consumer<AuthReply> next) {
        listener = next;
        timer = owner.loop().schedule(this::onTimeout, REPLY_MS_MAX, TimeUnit.MILLISECONDS);
    }

    int id() {
        return id;
    }

    boolean isOver() {
        return isOver;
    }

    /** The request as a line of the protocol; {@code resp} is the last of it, as it has to be. */
    String begin(DovecotConnection by, int number) {
        connection = by;
        id = number;
        tryCount++;
        String response = request.initialResponse();
        return "AUTH\t" + number + '\t' + request.mechanism() + "\tservice=" + request.service() + "\tnologin\tlip="
                + request.serverAddress() + "\trip=" + request.clientAddress() + (request.isSecure() ? "\tsecured" : "")
                + (response == null ? "" : "\tresp=" + response) + '\n';
    }

    @Override
    public void respond(String base64, Consumer<AuthReply> next) {
        await(next);
        DovecotConnection open = connection;
        if (open == null || isOver) {
            owner.loop().execute(this::onLost);
        } else {
            open.write("CONT\t" + id + '\t' + base64 + '\n');
        }
    }

    void onReply(AuthReply reply) {
        isAnswered = true;
        isOver |= !(reply instanceof AuthReply.Challenge);
        tell(reply);
    }

    /** There is no connection, or it has ended. */
    void onLost() {
        connection = null;
        if (!isOver && !isAnswered && tryCount > 0 && tryCount < TRIES_MAX) {
            owner.begin(this);
            return;
        }
        isOver = true;
        tell(LOST);
    }

    private void onTimeout() {
        end();
        tell(LATE);
    }

    @Override
    public void abandon() {
        listener = null;
        stopTimer();
        end();
    }

    private void end() {
        DovecotConnection open = connection;
        if (!isOver && open != null) {
            open.cancel(this);
        }
        isOver = true;
    }

    private void tell(AuthReply reply) {
        Consumer<AuthReply> waiting = listener;
        listener = null;
        stopTimer();
        if (waiting != null) {
            waiting.accept(reply);
        }
    }

    private void stopTimer() {
        Future<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }
}
