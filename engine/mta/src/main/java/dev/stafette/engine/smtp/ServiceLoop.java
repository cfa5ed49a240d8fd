// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommandParser;
import dev.stafette.delivery.loop.ReusedBuffer;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.metrics.Meter;
import dev.stafette.engine.table.Inquirer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the sessions of one service share on one event loop.
 * Thread: event loop.
 */
final class ServiceLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLoop.class);

    private final String name;
    private final SmtpServerSettings settings;
    private final MailLog log;
    private final LoopParts loop;
    private final ClientCounts clientCounts;
    private final ServerReplies replies;
    private final SmtpCommandParser parser;
    private final SmtpCommandParser verpParser;

    /** @param name of the service, as master.cf has it */
    ServiceLoop(String name, SmtpServerSettings settings, MailLog log, LoopParts loop, ClientCounts clientCounts) {
        this.name = name;
        this.settings = settings;
        this.log = log;
        this.loop = loop;
        this.clientCounts = clientCounts;
        this.replies = new ServerReplies(settings);
        ProtocolRules protocol = settings.protocol();
        this.parser = new SmtpCommandParser(protocol.commands());
        this.verpParser = new SmtpCommandParser(protocol.commands().withVerp(protocol.verp()));
    }

    /** Has judgements made on the loop. */
    Inquirer inquirer() {
        return loop.inquirer();
    }

    /** The process goes on; the stack says where. */
    void onMistake(Throwable cause) {
        LOG.error("session of service {} ended", name, cause);
        log.error("smtpd", "session ended: " + cause);
    }

    String name() {
        return name;
    }

    SmtpServerSettings settings() {
        return settings;
    }

    MailLog log() {
        return log;
    }

    ClientCounts clientCounts() {
        return clientCounts;
    }

    ServerReplies replies() {
        return replies;
    }

    /** What a client may say; of one that is offered something else than others it is made anew: those are few. */
    SmtpCommandParser parser(ClientStanding client) {
        ProtocolRules protocol = settings.protocol();
        if (client.hidden().equals(protocol.hiddenKeywords())) {
            return client.mayVerp() ? verpParser : parser;
        }
        return new SmtpCommandParser(
                protocol.commands().withHidden(client.hidden()).withVerp(client.mayVerp() ? protocol.verp() : null));
    }

    IntakeLoop intake() {
        return loop.intake();
    }

    ClientNames names() {
        return loop.names();
    }

    /** What replies are gathered in. */
    ReusedBuffer replyBuffer() {
        return loop.replies();
    }

    Meter meter() {
        return loop.meter();
    }

    long nowNs() {
        return loop.nowNs();
    }

    long epochMs() {
        return loop.epochMs();
    }
}
