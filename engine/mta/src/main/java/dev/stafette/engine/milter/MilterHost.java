// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/**
 * Where a session with milters runs.
 * Thread: event loop.
 *
 * @param loop of the session
 * @param warnings hears what goes wrong, for the log
 */
public record MilterHost(EventLoop loop, Consumer<String> warnings) {}
