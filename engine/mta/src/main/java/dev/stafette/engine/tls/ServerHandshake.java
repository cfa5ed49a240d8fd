// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

/**
 * Hears how the handshake of a server goes.
 * Thread: event loop.
 */
public interface ServerHandshake {
    /** A client asks for a name that is none. */
    void onInvalidName(String name);

    /** There is nothing for that name: the default is shown. */
    void onUnknownName(String name);

    void onEstablished(ServerContext.Agreement agreement);

    void onFailed(Throwable cause);
}
