// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.log.MailLog;
import io.netty.channel.EventLoop;
import java.util.Map;

/**
 * What holds for the sessions of a service that begin now, and for each loop what they share; a reload makes new ones.
 * Thread: any (a value).
 *
 * @param stressed under stress
 */
record ServiceTerms(
        SmtpServiceSettings settings,
        MailLog log,
        Map<EventLoop, ServiceLoop> calm,
        Map<EventLoop, ServiceLoop> stressed) {}
