// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.command.CommandRunner;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What transports to programs work with.
 * Thread: any (a value).
 *
 * @param deliveries whose threads may wait as long as programs do
 * @param warnings of the log
 */
public record PipeParts(CommandRunner commands, Executor deliveries, Consumer<String> warnings) {
    void warn(String text) {
        warnings.accept(text);
    }
}
