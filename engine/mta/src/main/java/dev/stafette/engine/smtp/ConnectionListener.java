// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

/** What a connection tells the session that it belongs to. Thread: event loop. */
interface ConnectionListener {
    /** A reply that was delayed has been said. */
    void onReplied();

    /** Nothing has come from the client for too long. */
    void onTimeout();

    /** The connection was lost, or the client closed it without QUIT. */
    void onLost();
}
