// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.admin.AdminCommands;
import dev.stafette.engine.admin.AdminParts;
import dev.stafette.engine.admin.AdminServer;
import dev.stafette.engine.admin.AdministeredChanges;
import dev.stafette.engine.admin.AdministeredQueue;
import dev.stafette.engine.admin.ListedUsers;
import dev.stafette.engine.admin.MaildropQueue;
import dev.stafette.engine.admin.ProcessControl;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.admin.SighupReload;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.Requeuer;
import dev.stafette.engine.pickup.WaitingMail;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.ZoneId;

/**
 * Opens the sockets by which the process is administered, and puts behind them what they administer.
 * Thread: start-up.
 */
final class Administration {
    private final Configuration configuration;
    private final ConfiguredParts configured;
    private final Machinery machinery;
    private final RunningQueue queue;
    private final Entrances entrances;

    Administration(
            Configuration configuration,
            ConfiguredParts configured,
            Machinery machinery,
            RunningQueue queue,
            Entrances entrances) {
        this.configuration = configuration;
        this.configured = configured;
        this.machinery = machinery;
        this.queue = queue;
        this.entrances = entrances;
    }

    void open(QueueDirectory directory, ProcessControl process, OpenParts parts) throws IOException {
        AdminParts administered = new AdminParts(
                process,
                new AdministeredQueue(queue.inbox(), queue.agent().spool(), machinery.workers(), this::nobody),
                new AdministeredChanges(queue.inbox(), machinery.log(), queue.queueIds(), requeuer()),
                new MaildropQueue(
                        new WaitingMail(new Maildrop(configuration.queueDirectory())),
                        machinery.workers(),
                        entrances.pickup(),
                        this::nobody),
                machinery.metrics());
        parts.opened(AdminServer.open(directory.adminSocket(), AdminCommands.of(administered)));
        ListedUsers users = new ListedUsers(configuration.directory(), machinery.workers());
        parts.opened(AdminServer.openToUsers(directory.userSocket(), AdminCommands.forUsers(administered, users)));
        SighupReload.reloads(directory.adminSocket(), machinery.log());
    }

    /** As it is configured now. */
    private String nobody() {
        return queue.routes().rewriter().nobodyText();
    }

    private Requeuer requeuer() {
        EventLoop loop = machinery.loops().in().next();
        return new Requeuer(new Requeuer.Parts(
                new IntakeLoop(
                        loop,
                        ByteBufAllocator.DEFAULT,
                        entrances.intake(),
                        ZoneId.systemDefault(),
                        Requeuer.BODY_BYTES_MAX),
                loop,
                queue.agent().spool(),
                machinery.workers(),
                queue.requeued(),
                queue.routes()::rewriter,
                machinery.log()));
    }
}
