// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.Transport;
import dev.stafette.delivery.discard.DiscardTransport;
import dev.stafette.delivery.error.ErrorTransport;
import dev.stafette.delivery.smtp.ClientLog;
import dev.stafette.delivery.smtp.SmtpTransport;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.local.LocalParts;
import dev.stafette.engine.local.LocalTransport;
import dev.stafette.engine.local.MailboxRoom;
import dev.stafette.engine.local.VirtualTransport;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.TransportLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.metrics.SharedTimes;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.pipe.PipeParts;
import dev.stafette.engine.pipe.PipeSettings;
import dev.stafette.engine.pipe.PipeTransport;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.rewrite.GenericMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways out that master.cf names: one transport a row whose command we have.
 * Thread: start-up, reload and stop; the transports themselves are for any.
 */
public final class Transports implements AutoCloseable {
    private final Map<String, Transport> byService = new ConcurrentHashMap<>();
    private final Map<String, TransportLog> logs = new ConcurrentHashMap<>();
    /** Replaced by a reload, and still busy with what they began. */
    private final Set<Transport> retired = ConcurrentHashMap.newKeySet();

    private final LongAdder sessions = new LongAdder();
    private final SharedTimes handshakes = new SharedTimes(Stage.TLS_OUT);
    private final SharedTimes resumedHandshakes = new SharedTimes(Stage.TLS_OUT_RESUMED);
    private final ClientRoom room;
    private final LocalParts local;
    private final ProgramRoom programRoom;
    private final MailLog log;

    private Transports(ClientRoom room, LocalParts local, ProgramRoom programRoom, MailLog log) {
        this.room = room;
        this.local = local;
        this.programRoom = programRoom;
        this.log = log;
    }

    public static Transports open(
            Configuration configuration,
            ListTables tables,
            Function<Settings, Postmaster> postmasters,
            ClientRoom room,
            LocalParts local,
            ProgramRoom programRoom,
            MailLog log) {
        Transports all = new Transports(room, local, programRoom, log);
        all.byService.put(DiscardTransport.OF_QUEUE_MANAGER, new DiscardTransport());
        all.logs.put(DiscardTransport.OF_QUEUE_MANAGER, new TransportLog(log, "qmgr"));
        all.reload(configuration, tables, postmasters);
        return all;
    }

    /**
     * For attempts from now on, with {@code tables} that maps of addresses name, and who is told of errors by the settings of
     * a client's row; what is under way ends as it began. The caller runs what is returned when nobody can be about
     * to deliver by the transports of before: those are closed then, each as soon as it is idle.
     */
    public Runnable reload(Configuration configuration, ListTables tables, Function<Settings, Postmaster> postmasters) {
        Map<String, Transport> before = Map.copyOf(byService);
        for (ServiceRow row : configuration.services()) {
            if (row.type() == ServiceRow.Type.UNIX) {
                add(row, configuration, tables, postmasters);
            }
        }
        List<Transport> replaced = before.entrySet().stream()
                .filter(entry -> byService.get(entry.getKey()) != entry.getValue())
                .map(Map.Entry::getValue)
                .toList();
        retired.addAll(replaced);
        return () -> replaced.forEach(transport -> transport.retire(() -> retired.remove(transport)));
    }

    /** Transports that are open: those of the configuration, and those of an earlier one that are still busy. */
    int openCount() {
        return byService.size() + retired.size();
    }

    private void add(
            ServiceRow row,
            Configuration configuration,
            ListTables tables,
            Function<Settings, Postmaster> postmasters) {
        Settings settings = configuration.settings().forService(row);
        TransportLog own =
                new TransportLog(log.withSyslogName(settings.text("syslog_name"), row.command()), row.command());
        switch (row.command()) {
            case "smtp", "lmtp" ->
                byService.put(
                        row.name(),
                        client(settings, tables, postmasters.apply(settings), configuration.queueDirectory(), own));
            case "virtual" ->
                byService.put(
                        row.name(),
                        VirtualTransport.of(
                                row.name(), row.command(), settings, tables, mailboxRoom(row, settings, own)));
            case "local" ->
                byService.put(
                        row.name(),
                        LocalTransport.of(
                                row.name(),
                                row.command(),
                                settings,
                                tables,
                                local.with(mailboxRoom(row, settings, own)),
                                byService::get));
            case "pipe" ->
                byService.put(
                        row.name(),
                        new PipeTransport(
                                PipeSettings.of(
                                        row,
                                        settings,
                                        AddressKeys.of(settings, AddressClasses.of(settings, tables)),
                                        configuration.queueDirectory()),
                                new PipeParts(
                                        programRoom.commands(),
                                        RowWorkers.of(programRoom.deliveries(), row, settings),
                                        own::warning)));
            case "discard" -> byService.put(row.name(), new DiscardTransport());
            case "error" ->
                byService.put(
                        row.name(),
                        row.name().equals("retry") ? ErrorTransport.deferring() : ErrorTransport.bouncing());
            default -> {
                return;
            }
        }
        byService.computeIfPresent(
                row.name(),
                (name, transport) -> StatusFilterTransport.around(
                        transport, row.command(), settings, tables, room.workers(), own::warning));
        logs.put(row.name(), own);
    }

    private MailboxRoom mailboxRoom(ServiceRow row, Settings settings, TransportLog own) {
        return local.room().with(RowWorkers.of(local.room().workers(), row, settings), own.log());
    }

    private Transport client(
            Settings settings, ListTables tables, Postmaster postmaster, Path directory, TransportLog own) {
        Transport rewritten = withGeneric(smtp(settings, tables, postmaster, own), settings, tables, own);
        return withBestMx(withChecks(rewritten, settings, tables, directory, own), settings, own);
    }

    private Transport smtp(Settings settings, ListTables tables, Postmaster postmaster, TransportLog own) {
        String protocol = settings.isOfLmtp() ? "LMTP" : "SMTP";
        return new SmtpTransport(
                ClientSection.of(settings, PasswordMaps.of(settings, tables, room.workers()))
                        .withHabits(HabitsSection.of(
                                settings,
                                tables,
                                text -> own.notice(null, text),
                                own::warning,
                                ErrorNotices.of(protocol, postmaster, room.notices()))),
                ClientTlsSection.of(settings, tables, room.published(), room.reports(), own::warning),
                RouteSection.of(settings, tables, text -> own.notice(null, text), own::warning),
                room.dns(),
                room.loops(),
                room.workers(),
                new Notices(own));
    }

    /** Where no map of addresses is set, nothing stands before the transport. */
    private Transport withGeneric(Transport smtp, Settings settings, ListTables tables, TransportLog own) {
        GenericMap map = GenericMap.of(settings, tables);
        return map == null
                ? smtp
                : new GenericTransport(
                        smtp,
                        new GenericTransport.Parts(
                                map,
                                settings.count("header_address_token_limit"),
                                room.workers(),
                                room.loops(),
                                (queueId, text) -> own.warning(queueId + ": " + text)));
    }

    /** Where no content is looked into, nothing stands before the transport, either. */
    private Transport withChecks(
            Transport smtp, Settings settings, ListTables tables, Path directory, TransportLog own) {
        ContentRules rules = ContentRules.ofClient(settings, tables);
        return rules == null ? smtp : new CheckedTransport(smtp, rules, directory, room.workers(), new Notices(own));
    }

    private Transport withBestMx(Transport smtp, Settings settings, TransportLog own) {
        String target = settings.text("best_mx_transport");
        return target.isEmpty() ? smtp : new BestMxTransport(smtp, target, byService::get, own::notice);
    }

    /** What a transport says while it works. */
    private final class Notices implements ClientLog, ClientChecks.Notes {
        private final TransportLog own;

        Notices(TransportLog own) {
            this.own = own;
        }

        @Override
        public void onNotice(@Nullable String queueId, String text) {
            own.notice(queueId, text);
        }

        @Override
        public void onHandshake(boolean isResumed, long ns) {
            (isResumed ? resumedHandshakes : handshakes).record(ns);
        }

        @Override
        public void onWarning(String text) {
            own.warning(text);
        }

        @Override
        public void onSession() {
            sessions.increment();
        }
    }

    /** Connections to servers that were ready for mail. Any thread. */
    public long sessionCount() {
        return sessions.sum();
    }

    /** How long those with servers have taken. Any thread. */
    public List<SharedTimes> handshakes() {
        return List.of(handshakes, resumedHandshakes);
    }

    public Map<String, Transport> byService() {
        return byService;
    }

    /** What the log calls a transport, by its service's name. */
    public Map<String, TransportLog> logs() {
        return logs;
    }

    @Override
    public void close() {
        byService.values().forEach(Transport::close);
        retired.forEach(Transport::close);
    }
}
