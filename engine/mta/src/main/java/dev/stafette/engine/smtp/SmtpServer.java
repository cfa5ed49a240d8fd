// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.loop.ReusedBuffer;
import dev.stafette.delivery.loop.ReusedReads;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.table.Inquirer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The SMTP server of the process: all smtpd rows of master.cf, on the loops it is given.
 * Thread: start-up, reload and shutdown; the sessions run on the loops.
 */
public final class SmtpServer implements AutoCloseable {
    /** Longer than a commit takes; then sessions are cut off. */
    private static final int CLOSE_MS_MAX = 5_000;

    /** So much at a time: when the whole process has stood still, its sessions had no time, and none was waited. */
    private static final int CLOSE_SLICE_MS = 100;

    /** A client's MAIL, RCPT and DATA, or a small message, in one read. */
    private static final int READ_BYTES = 16 << 10;

    /** The replies to a pipelined MAIL, RCPT and DATA. */
    private static final int REPLY_BYTES = 512;

    private final SmtpServerParts parts;
    private final Map<EventLoop, ServerLoop> loops = new IdentityHashMap<>();
    private final Map<String, SmtpService> services = new LinkedHashMap<>();
    /** Those of pass rows, which may have the names of others. */
    private final Map<String, SmtpService> passed = new LinkedHashMap<>();

    private final SessionRoom room;
    private final HostsFile hosts = HostsFile.ofSystem();

    public SmtpServer(SmtpServerParts parts) {
        this.parts = parts;
        this.room = new SessionRoom(parts.sessionsMax());
        int loopCount = 0;
        for (EventExecutor ignored : parts.loops()) {
            loopCount++;
        }
        for (EventExecutor executor : parts.loops()) {
            EventLoop eventLoop = (EventLoop) executor;
            loops.put(eventLoop, newLoop(eventLoop, loops.size(), parts.bodyBytesMax() / loopCount));
        }
    }

    private ServerLoop newLoop(EventLoop eventLoop, int number, long bodyBytesMax) {
        LoopParts shared = new LoopParts(
                new IntakeLoop(eventLoop, ByteBufAllocator.DEFAULT, parts.queue(), parts.zone(), bodyBytesMax),
                new ClientNames(
                        eventLoop, hosts, new DnsReverseLookup(parts.dns().apply(eventLoop))),
                new Inquirer(eventLoop, System::nanoTime),
                parts.metrics().openMeter("smtp-in-" + number),
                System::nanoTime,
                System::currentTimeMillis,
                new ReusedReads(ByteBufAllocator.DEFAULT, READ_BYTES),
                new ReusedBuffer(ByteBufAllocator.DEFAULT, REPLY_BYTES));
        return new ServerLoop(eventLoop, shared);
    }

    /**
     * Opens the ports of one service. An IOException says which one could not be opened.
     *
     * @param service its name in master.cf
     */
    public void listen(String service, List<InetSocketAddress> addresses, SmtpServiceSettings settings, MailLog log)
            throws IOException {
        SmtpService added = new SmtpService(service, loops, room, settings, log);
        services.put(service, added);
        added.listen(parts.loops(), addresses);
    }

    /** Opens one service to those who have passed a screen alone: a {@code pass} row. */
    public PassGate openToPassed(String service, SmtpServiceSettings settings, MailLog log) {
        SmtpService added = new SmtpService(service, loops, room, settings, log);
        passed.put(service, added);
        return added.openToPassed();
    }

    /** What sessions share with connections that have none yet. */
    public SessionRoom room() {
        return room;
    }

    /** For sessions that begin from now on; nothing happens when there is no such service. */
    public void reload(String service, SmtpServiceSettings settings, MailLog log) {
        reload(services.get(service), settings, log);
    }

    /** The same, of a {@code pass} row. */
    public void reloadPassed(String service, SmtpServiceSettings settings, MailLog log) {
        reload(passed.get(service), settings, log);
    }

    private static void reload(@Nullable SmtpService known, SmtpServiceSettings settings, MailLog log) {
        if (known != null) {
            known.reload(settings, log);
        }
    }

    /** Where it listens, with the ports that the system chose. */
    public List<InetSocketAddress> addresses() {
        return services.values().stream()
                .flatMap(service -> service.addresses().stream())
                .toList();
    }

    /** Accepts no more, says goodbye to every session with 421, and waits a while for those that commit a message. */
    @Override
    public void close() {
        services.values().forEach(SmtpService::close);
        passed.values().forEach(SmtpService::close);
        CountDownLatch done = new CountDownLatch(loops.size());
        loops.values().forEach(loop -> loop.close(done));
        try {
            if (!await(done, CLOSE_MS_MAX)) {
                loops.values().forEach(ServerLoop::abort);
                await(done, CLOSE_MS_MAX / 5);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(CountDownLatch done, int msMax) throws InterruptedException {
        boolean isDone = false;
        for (int ms = 0; ms < msMax && !isDone; ms += CLOSE_SLICE_MS) {
            isDone = done.await(CLOSE_SLICE_MS, TimeUnit.MILLISECONDS);
        }
        return isDone;
    }
}
