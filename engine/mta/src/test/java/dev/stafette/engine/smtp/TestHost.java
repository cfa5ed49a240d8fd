// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.StepSources;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.milter.MilterPlace;
import dev.stafette.engine.restriction.TestSources;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.TicketKeys;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The machine {@code mx.b.test}, 127.0.0.1 and 192.0.2.1, with the main.cf that a test gives it. */
final class TestHost implements Host {
    /** What the dialogues start from; later lines win. */
    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.9",
            "mydestination = b.test",
            "myorigin = b.test",
            "relay_domains = relay.test",
            "mynetworks = 10.0.0.0/8",
            "local_recipient_maps = inline:{u=1, U=1, a=1, ab=1}",
            "notify_classes =",
            "smtpd_peername_lookup = no");

    static final ProcessRoom ROOM = new ProcessRoom(1 << 16, 1 << 30, 1);

    private static final String MASTER_CF = "smtp inet n - n - 0 smtpd";

    private final String mainCf;
    private final String masterCf;

    private TestHost(List<String> lines) {
        this(lines, MASTER_CF);
    }

    private TestHost(List<String> lines, String masterCf) {
        this.masterCf = masterCf + "\n";
        this.mainCf = String.join("\n", MAIN_CF) + "\n" + String.join("\n", lines) + "\n";
    }

    /** With real tables. */
    static SmtpServerSettings settings(List<String> mainCfLines) {
        return settings(mainCfLines, tables());
    }

    static OpenTables tables() {
        return new OpenTables(TestTables.realTimeHost());
    }

    /** Of the row {@code smtp}, in a process with room for many. */
    static SmtpServiceSettings service(List<String> mainCfLines) {
        return service(MASTER_CF, mainCfLines, ROOM);
    }

    /** The same, with TLS by that engine. */
    static SmtpServiceSettings service(ServerContexts contexts, List<String> mainCfLines) {
        return service(MASTER_CF, mainCfLines, ROOM, contexts);
    }

    /** Of that row of master.cf. */
    static SmtpServiceSettings service(String row, List<String> mainCfLines, ProcessRoom room) {
        return service(row, mainCfLines, room, contexts());
    }

    private static SmtpServiceSettings service(
            String row, List<String> mainCfLines, ProcessRoom room, ServerContexts contexts) {
        Configuration configuration = Configuration.read(Path.of("/etc/stafette"), new TestHost(mainCfLines, row));
        return SmtpServiceSettings.of(
                configuration.settings(),
                configuration.services().get(0),
                tables(),
                cleanups(configuration, tables()),
                sources(contexts),
                room);
    }

    /** The same, with so many sessions at a time. */
    static SmtpServiceSettings service(int sessionsMax, List<String> mainCfLines) {
        SmtpServiceSettings settings = service(mainCfLines);
        return new SmtpServiceSettings(
                settings.calm(),
                settings.stressed(),
                settings.knowsStress(),
                new SessionCap(sessionsMax, sessionsMax, "test"),
                settings.stressHold());
    }

    static SmtpServerSettings settings(List<String> mainCfLines, ListTables tables) {
        Configuration configuration = Configuration.read(Path.of("/etc/stafette"), new TestHost(mainCfLines));
        return SmtpServerSettings.of(
                configuration.settings(),
                configuration.services().get(0),
                tables,
                cleanups(configuration, tables),
                sources(contexts()));
    }

    private static ServiceSources sources(ServerContexts contexts) {
        return new ServiceSources(
                TestSources.none(),
                TestSources.logins(),
                contexts,
                new MilterPlace(Path.of("/var/spool/stafette"), Runnable::run));
    }

    private static ServerContexts contexts() {
        return new ServerContexts(TlsEngine::best, new TicketKeys(), tables(), Runnable::run, warning -> {});
    }

    private static CleanupServices cleanups(Configuration configuration, ListTables tables) {
        return new CleanupServices(configuration.settings(), configuration.services(), tables, StepSources.NONE);
    }

    @Override
    public String name() {
        return "mx.b.test";
    }

    @Override
    public List<OwnAddress> addresses() {
        return List.of(new OwnAddress(ip("127.0.0.1"), 8), new OwnAddress(ip("192.0.2.1"), 24));
    }

    static InetAddress ip(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    @Override
    public List<InetAddress> resolve(String hostName) {
        return List.of(ip("127.0.0.1"));
    }

    @Override
    public long fileSystemBytes(Path directory) {
        return 1L << 40;
    }

    @Override
    public String read(Path file) throws IOException {
        if (file.endsWith("main.cf")) {
            return mainCf;
        }
        if (file.endsWith("master.cf")) {
            return masterCf;
        }
        if (file.startsWith("/tls")) {
            return TestCertificates.text(file.toString());
        }
        throw new NoSuchFileException(file.toString());
    }
}
