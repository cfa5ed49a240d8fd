// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Interrupts a session's thread that waits for a program when its client has gone: nobody would hear what becomes of the message,
 * and it is tried again.
 * Thread: its own, which ends with the connection; the session's begins and closes it.
 */
final class ClientWatch implements AutoCloseable {
    private final SocketChannel client;
    private final Thread session = Thread.currentThread();

    // Guarded by this.
    private boolean isClosed;
    private boolean hasGone;

    ClientWatch(SocketChannel client) {
        this.client = client;
    }

    void begin() {
        Thread thread = new Thread(this::watch, "client-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        ByteBuffer bytes = ByteBuffer.allocate(1);
        try {
            while (client.read(bytes.clear()) >= 0) {
                // The client of a program has nothing more to say.
                continue;
            }
        } catch (IOException e) {
            // It has gone all the same.
            interrupt();
            return;
        }
        interrupt();
    }

    private synchronized void interrupt() {
        if (!isClosed) {
            hasGone = true;
            session.interrupt();
        }
    }

    /** Throws where nobody is there to hear of it. */
    synchronized void checkPresent() throws EOFException {
        if (hasGone) {
            throw new EOFException("the client has gone");
        }
    }

    /** The interruption, if it has come, was for the program. */
    @Override
    public synchronized void close() {
        isClosed = true;
        Thread.interrupted();
    }
}
