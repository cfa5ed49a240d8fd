// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.tls.ServerContext;
import dev.stafette.engine.tls.ServerHandshake;
import dev.stafette.engine.tls.ServerTls;
import io.netty.channel.Channel;

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
        ServerHandshake handshake = new ServerHandshake() {
            @Override
            public void onInvalidName(String name) {
                log.tlsNameInvalid(connection.client(), name);
            }

            @Override
            public void onUnknownName(String name) {
                log.tlsNameUnknown(connection.client(), name);
            }

            @Override
            public void onEstablished(ServerContext.Agreement agreement) {
                if (rules.logsSummary()) {
                    log.tlsEstablished(connection.client(), agreement);
                }
                onSecure.run();
            }

            @Override
            public void onFailed(Throwable cause) {
                log.tlsFailed(connection.client(), cause);
                onFailed.run();
            }
        };
        channel.pipeline()
                .addFirst(context.begin(channel.alloc(), connection.loop().nowNs(), rules.timeout(), handshake));
    }
}
