// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Runs programs that speak with a client on their standard input and output.
 * Thread: any; it waits for the program.
 */
public interface ConversationRunner {
    /**
     * Returns when the program has ended; an IOException says that it has not come to run. The rules of the order are not
     * looked at.
     *
     * @param client closed at the end
     */
    void converse(CommandOrder order, SocketChannel client) throws IOException;
}
