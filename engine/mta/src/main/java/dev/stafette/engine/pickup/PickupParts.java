// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.intake.IntakeQueue;
import dev.stafette.engine.log.MailLog;
import io.netty.channel.EventLoop;
import java.time.ZoneId;

/**
 * What the pickup service works with. Thread: any (a value).
 *
 * @param loop where messages go through intake
 */
public record PickupParts(Maildrop maildrop, EventLoop loop, IntakeQueue queue, MailLog log, ZoneId zone) {}
