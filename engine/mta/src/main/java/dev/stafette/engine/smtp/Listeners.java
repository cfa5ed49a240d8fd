// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The listening sockets of a service: they accept as long as there is room, and rest for a while when accepting fails.
 * Thread: any, where nothing else is said.
 */
public final class Listeners {
    /** Without file descriptors the next try would fail at once, too. */
    private static final long REST_MS = 1000;

    /** Between two log lines about it. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final BooleanSupplier hasRoom;
    private final Consumer<String> onFailure;
    private final List<Channel> channels = new CopyOnWriteArrayList<>();
    private final AtomicLong toldNs = new AtomicLong(System.nanoTime() - SILENCE_NS);

    /** {@code onFailure}: gets the system's error text, once a minute at most. */
    public Listeners(BooleanSupplier hasRoom, Consumer<String> onFailure) {
        this.hasRoom = hasRoom;
        this.onFailure = onFailure;
    }

    public void add(Channel listener) {
        channels.add(listener);
    }

    public List<Channel> channels() {
        return channels;
    }

    /** Whether there is room has changed. Done on the listeners' loops: what is set last there has looked last. */
    public void update() {
        for (Channel listener : channels) {
            listener.eventLoop().execute(() -> update(listener));
        }
    }

    /** Thread: the listener's loop. */
    public void update(Channel listener) {
        listener.config().setAutoRead(hasRoom.getAsBoolean());
    }

    /** Accepting has failed. Netty must not hear of it: it would resume, whether there is room or not. Thread: the listener's loop. */
    public void rest(Channel listener, Throwable cause) {
        listener.config().setAutoRead(false);
        listener.eventLoop().schedule(() -> update(listener), REST_MS, TimeUnit.MILLISECONDS);
        long nowNs = System.nanoTime();
        long lastNs = toldNs.get();
        if (nowNs - lastNs >= SILENCE_NS && toldNs.compareAndSet(lastNs, nowNs)) {
            onFailure.accept(reason(cause));
        }
    }

    /** The system's error text, without the native call's name and number. */
    private static String reason(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        return text.substring(text.lastIndexOf(": ") + 1).strip();
    }
}
