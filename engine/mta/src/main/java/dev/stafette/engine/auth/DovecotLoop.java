// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.engine.socket.Dialer;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connection to Dovecot's auth, which serves all sessions of the loop at a time; made when it is needed, and made
 * anew from time to time, so that nobody is checked for long by a Dovecot that has been told to go.
 * Thread: event loop.
 */
final class DovecotLoop {
    /** Postfix's, for connecting and for the handshake. */
    static final Duration HANDSHAKE_MAX = Duration.ofSeconds(10);

    /** As long as an idle smtpd of Postfix lives. */
    static final Duration LIFE_MAX = Duration.ofSeconds(100);

    /** After a failure nobody tries again for so long: each session would. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private final String path;
    private final EventLoop loop;
    private final Dialer dialer;
    private final Consumer<String> warnings;

    // Owned by the loop.
    private final List<Consumer<@Nullable DovecotConnection>> waiting = new ArrayList<>();
    private @Nullable DovecotConnection ready;
    private boolean isConnecting;
    private boolean isClosed;
    private long failedNs;
    private boolean hasFailed;

    /** {@code path}: as main.cf has it. */
    DovecotLoop(String path, EventLoop loop, Dialer dialer, Consumer<String> warnings) {
        this.path = path;
        this.loop = loop;
        this.dialer = dialer;
        this.warnings = warnings;
    }

    void findMechanisms(Consumer<List<AuthMechanism>> listener) {
        connect(connection -> listener.accept(connection == null ? List.of() : connection.mechanisms()));
    }

    AuthExchange begin(AuthRequest request, Consumer<AuthReply> listener) {
        DovecotExchange exchange = new DovecotExchange(this, request, listener);
        begin(exchange);
        return exchange;
    }

    void begin(DovecotExchange exchange) {
        connect(connection -> {
            if (connection == null) {
                exchange.onLost();
            } else {
                connection.begin(exchange);
            }
        });
    }

    EventLoop loop() {
        return loop;
    }

    /** {@code then}: hears of a connection, or of null when there is none to be had; never within this call. */
    private void connect(Consumer<@Nullable DovecotConnection> then) {
        boolean rests = hasFailed && System.nanoTime() - failedNs < PAUSE.toNanos();
        if (ready != null || rests) {
            loop.execute(() -> then.accept(ready));
            return;
        }
        waiting.add(then);
        if (isConnecting) {
            return;
        }
        isConnecting = true;
        dialer.dial(
                HANDSHAKE_MAX,
                () -> new DovecotConnection(this),
                connection -> connection.shakeHands(HANDSHAKE_MAX),
                this::onNoConnection);
    }

    private void onNoConnection(String why) {
        onNoHandshake("Connect to Dovecot auth socket '" + path + "' failed: " + why);
    }

    void onNoHandshake(String why) {
        warnings.accept("SASL: " + why);
        isConnecting = false;
        hasFailed = true;
        failedNs = System.nanoTime();
        tell(null);
    }

    void onReady(DovecotConnection connection) {
        isConnecting = false;
        hasFailed = false;
        ready = connection;
        loop.schedule(() -> retire(connection), LIFE_MAX.toNanos(), TimeUnit.NANOSECONDS);
        tell(connection);
        if (isClosed) {
            retire(connection);
        }
    }

    private void tell(@Nullable DovecotConnection connection) {
        List<Consumer<@Nullable DovecotConnection>> all = List.copyOf(waiting);
        waiting.clear();
        loop.execute(() -> all.forEach(then -> then.accept(connection)));
    }

    /** It ends what it has begun, and gets nothing new. */
    private void retire(DovecotConnection connection) {
        forget(connection);
        // What has been promised the connection comes before this.
        loop.execute(connection::closeWhenDone);
    }

    void forget(DovecotConnection connection) {
        if (ready == connection) {
            ready = null;
        }
    }

    void close() {
        isClosed = true;
        DovecotConnection connection = ready;
        if (connection != null) {
            retire(connection);
        }
    }
}
