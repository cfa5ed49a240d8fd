// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a proxy says of the client, before there is a greeting; then the session begins.
 * Thread: event loop.
 */
final class ProxyInput implements Input {
    private final Consumer<@Nullable InetSocketAddress> onPeer;
    private final Consumer<String> onMistake;
    private final ProxyHeader header = new ProxyHeader();

    // Owned by the loop.
    private boolean isOver;

    /**
     * @param onPeer hears who the client is; null: the proxy itself
     * @param onMistake hears why that is not known, for the log
     */
    ProxyInput(Consumer<@Nullable InetSocketAddress> onPeer, Consumer<String> onMistake) {
        this.onPeer = onPeer;
        this.onMistake = onMistake;
    }

    @Override
    public void take(ByteBuf in) {
        switch (header.read(in)) {
            case MORE -> {
                // The rest comes later.
            }
            case DONE -> {
                end();
                onPeer.accept(header.peer());
            }
            case BAD -> {
                end();
                onMistake.accept("haproxy read: " + header.mistake());
            }
        }
    }

    private void end() {
        isOver = true;
    }

    /** It has had its time. */
    void onTimeout() {
        if (!isOver) {
            end();
            onMistake.accept("haproxy read: timeout error");
        }
    }
}
