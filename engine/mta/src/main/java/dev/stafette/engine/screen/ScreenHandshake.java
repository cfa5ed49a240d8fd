// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.tls.ServerContext;
import dev.stafette.engine.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Begins TLS with a client that is tested; what tlsproxy(8) does for postscreen(8).
 * Thread: event loop; it has no state.
 */
final class ScreenHandshake {
    private ScreenHandshake() {}

    /** {@code onSecure}, {@code onFailed}: one of them runs, on the loop. */
    static void begin(ScreenedConnection connection, ServerContext context, Runnable onSecure, Runnable onFailed) {
        ServerTls rules = connection.settings().tls();
        ScreenLog log = connection.log();
        Channel channel = connection.channel();
        log.handshakeBegins(connection.client());
        channel.closeFuture().addListener(closed -> log.handshakeEnded(connection.client()));
        SslHandler handler =
                context.newHandler(channel.alloc(), connection.loop().nowNs());
        handler.setHandshakeTimeout(rules.timeout().toMillis(), TimeUnit.MILLISECONDS);
        long beganMs = System.currentTimeMillis();
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                log.tlsEstablished(connection.client(), context.agreement(handler, beganMs), rules.logLevel());
                onSecure.run();
            } else {
                log.tlsFailed(connection.client(), done.cause());
                onFailed.run();
            }
        });
        channel.pipeline().addFirst(handler);
    }
}
