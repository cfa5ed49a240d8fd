// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where it stands what a server is known for. Thread: event loop. */
@FunctionalInterface
public interface ServerBook {
    /** Nothing is known of any. */
    ServerBook EMPTY = (loop, address, then) -> then.accept(ServerTraits.USUAL);

    /**
     * The answer comes on the loop, at once where nobody has to be asked; null: it cannot be told.
     *
     * @param address without the port; of a socket in the file system its name
     */
    void find(Executor loop, String address, Consumer<@Nullable ServerTraits> then);
}
