// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.engine.smtp.SessionRoom;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What the screen is made of.
 *
 * @param loops for all its channels: those of the sessions that they pass to. They outlive it
 * @param room shared with those
 * @param dns of each loop
 * @param workers write the file of who has passed
 */
public record ScreenParts(EventLoopGroup loops, SessionRoom room, Function<EventLoop, Dns> dns, Executor workers) {}
