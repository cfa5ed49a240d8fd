// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the demo sends.
 * Thread: any (a value).
 *
 * @param home the installation
 * @param directory where the temporary queues go; null: where temporary files go, unless that is memory
 * @param warmUpLimit how long messages are sent that do not count; 0: not at all
 * @param timeLimit nothing more is sent after it, however slow the machine is
 */
public record DemoSettings(
        Path home,
        long messageCount,
        int messageBytes,
        int sessionCount,
        @Nullable Path directory,
        Duration warmUpLimit,
        Duration timeLimit) {}
