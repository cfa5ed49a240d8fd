// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.RecordingSink;
import dev.stafette.engine.demo.HeldPort;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import dev.stafette.engine.load.SinkSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples of conf/ for a content filter, with one that does as amavis does: mail goes through it, and comes back. */
@Timeout(300)
class ContentFilterIT {
    private static final Path CONF = Path.of("..", "..", "conf");

    /** {@code -Dfilter.messages=5000}. */
    private static final int MESSAGES = Integer.getInteger("filter.messages", 300);

    private static final int SESSIONS = 20;

    @TempDir
    Path parent;

    private int filterPort;
    private int backPort;
    private RunningMta mta;

    @BeforeEach
    void choosePorts() throws IOException {
        filterPort = HeldPort.next();
        backPort = HeldPort.next();
    }

    @AfterEach
    void stop() throws IOException {
        if (mta != null) {
            mta.close();
        }
    }

    private String sample(String name) throws IOException {
        return Files.readString(CONF.resolve(name))
                .replace("10024", String.valueOf(filterPort))
                .replace("10025", String.valueOf(backPort));
    }

    private void start(int sinkPort, String... mainCf) throws IOException {
        List<String> lines =
                new ArrayList<>(sample("content-filter-main.cf").lines().toList());
        lines.add("relayhost = [127.0.0.1]:" + sinkPort);
        lines.add("minimal_backoff_time = 1s");
        lines.add("smtpd_peername_lookup = no");
        lines.addAll(List.of(mainCf));
        MtaDirectory directory = MtaDirectory.create(parent, "mta", lines);
        Path masterCf = directory.path().resolve("master.cf");
        Files.writeString(masterCf, Files.readString(masterCf) + sample("content-filter-master.cf"));
        mta = new RunningMta(directory);
    }

    private String sendFrom(String address, String... recipients) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), mta.directory().port()));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            StringBuilder commands = new StringBuilder("HELO c+d.test\r\nMAIL FROM:<s@a.test>\r\n");
            for (String recipient : recipients) {
                commands.append("RCPT TO:<").append(recipient).append(">\r\n");
            }
            String reply = "";
            for (String command : (commands + "DATA\r\nSubject: x\r\n\r\nx\r\n.\r\n").split("(?<=\r\n)")) {
                socket.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
                boolean isContent = reply.startsWith("354") && !command.equals(".\r\n");
                reply = isContent ? reply : in.readLine();
            }
            assertTrue(reply.startsWith("250 "), reply);
            return reply.substring(reply.lastIndexOf(' ') + 1);
        }
    }

    private String clientOf(String id) {
        return mta.awaitLog(Pattern.compile(" " + id + ": client=(.*)\n"));
    }

    /** The id under which a message is known that has come back. */
    private String secondId(String firstId) {
        return mta.awaitLog(Pattern.compile(" ([0-9A-Za-z]+): client=.*orig_queue_id=" + firstId + ","));
    }

    @Test
    void carriesEveryMessageOnce() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DiscardSink sink = DiscardSink.open(SinkSettings.acceptingAll(anyPort))) {
            // No connection ends and makes room for another before the filter has heard of its end.
            start(sink.address().getPort(), "smtp_connection_cache_time_limit = 600s");
            try (ContentFilter filter = new ContentFilter(filterPort, backPort);
                    LoadSource source = LoadSource.start(LoadSettings.closedLoop(
                            new InetSocketAddress(
                                    InetAddress.getLoopbackAddress(),
                                    mta.directory().port()),
                            SESSIONS,
                            MESSAGES,
                            3000))) {
                LoadResult sent = source.await(Duration.ofSeconds(200));
                assertEquals(MESSAGES, sent.acknowledged().size());
                mta.await(
                        "all messages at the sink",
                        () -> sink.counts().unique() >= MESSAGES && mta.queue().isEmpty());
                assertEquals(MESSAGES, sink.counts().unique());
                assertEquals(0, sink.counts().duplicates() + sink.counts().unnumbered());
                assertEquals(0, sent.acknowledged().missingFrom(sink.seen()));
                assertEquals(MESSAGES, filter.origins().size());
                assertTrue(filter.openCountMax() <= 2, "connections to the filter: " + filter.openCountMax());
            }
        }
    }

    @Test
    void logsWhomMailCameFromWhenItComesBack() throws Exception {
        try (RecordingSink sink = RecordingSink.open();
                ContentFilter filter = new ContentFilter(filterPort, backPort)) {
            start(sink.port(), "virtual_alias_maps = inline:{ {both@v.test = a@x.test, b@x.test} }");
            String first = sendFrom("127.0.0.7", "both@v.test", "c@x.test");
            RecordingSink.Message arrived = sink.take();
            assertEquals(3, arrived.recipients().size());
            assertEquals("yes", arrived.field("X-Scanned"));
            assertEquals(0, sink.waitingCount());
            assertEquals("unknown[127.0.0.7]", clientOf(first));
            assertEquals(
                    "unknown[127.0.0.1], orig_queue_id=" + first + ", orig_client=unknown[127.0.0.7]",
                    clientOf(secondId(first)));
            assertTrue(
                    filter.origins()
                            .get(0)
                            .matches("XFORWARD ADDR=127\\.0\\.0\\.7 PORT=[0-9]+ "
                                    + "XFORWARD PROTO=SMTP HELO=c\\+2Bd\\.test IDENT=" + first + " SOURCE=REMOTE"),
                    filter.origins()::toString);
        }
    }

    /** What a local program hands in has no client, and what the mail system writes itself is not looked into, as in Postfix. */
    @Test
    void filtersWhatLocalProgramsHandInAndNoReports() throws Exception {
        try (RecordingSink sink = RecordingSink.open(
                        command -> command.contains("u@no.test") ? "550 5.1.1 no such user" : "250 ok");
                ContentFilter filter = new ContentFilter(filterPort, backPort)) {
            start(sink.port());
            mta.runWithInput("Subject: x\n\nx\n", "sendmail", "-f", "s@a.test", "u@x.test");
            assertTrue(sink.take().recipients().get(0).contains("u@x.test"));
            mta.runWithInput("Subject: x\n\nx\n", "sendmail", "-G", "-f", "s@a.test", "v@x.test");
            assertTrue(sink.take().recipients().get(0).contains("v@x.test"));
            assertEquals(List.of("XFORWARD SOURCE=LOCAL", "XFORWARD SOURCE=REMOTE"), filter.origins());
            sendFrom("127.0.0.1", "u@no.test");
            RecordingSink.Message report = sink.take();
            assertTrue(report.mail().startsWith("MAIL FROM:<>"), report.mail());
            assertEquals("", report.field("X-Scanned"));
            mta.runWithInput("Received: x\n".repeat(60) + "\nx\n", "sendmail", "-f", "s@a.test", "w@x.test");
            RecordingSink.Message returned = sink.take();
            assertTrue(returned.mail().startsWith("MAIL FROM:<>"), returned.mail());
            assertEquals("", returned.field("X-Scanned"));
            assertEquals(3, filter.origins().size());
        }
    }

    @Test
    void keepsMailWhileTheFilterIsAwayAndReturnsWhatItRefuses() throws Exception {
        try (RecordingSink sink = RecordingSink.open()) {
            start(
                    sink.port(),
                    "smtp_fallback_relay = [127.0.0.1]:" + sink.port(),
                    "smtp_generic_maps = inline:{s@a.test=other@a.test}");
            String id = sendFrom("127.0.0.1", "u@x.test");
            mta.awaitLog(id + ": to=<u@x.test>, relay=none");
            mta.awaitLog("status=deferred (connect to 127.0.0.1[127.0.0.1]:" + filterPort + ": Connection refused)");
            try (ContentFilter filter = new ContentFilter(filterPort, backPort)) {
                mta.run("postqueue", "-f");
                RecordingSink.Message arrived = sink.take();
                assertEquals("yes", arrived.field("X-Scanned"));
                // On the way out, and not before.
                assertTrue(arrived.mail().startsWith("MAIL FROM:<other@a.test>"), arrived.mail());
                mta.awaitLog(": from=<s@a.test>, size=");
                filter.refusal = "554 5.7.0 that is no mail";
                String refused = sendFrom("127.0.0.1", "v@x.test");
                assertTrue(sink.take().mail().startsWith("MAIL FROM:<>"));
                mta.awaitLog(refused + ": to=<v@x.test>, relay=127.0.0.1[127.0.0.1]:" + filterPort);
                mta.awaitLog("554 5.7.0 that is no mail (in reply to end of DATA command)");
            }
        }
    }

    /** As in Postfix: the filter is that of the pickup row, and the client that of the first time. */
    @Test
    void sendsMailThatIsRequeuedToTheFilterOfLocalMail() throws Exception {
        try (RecordingSink sink = RecordingSink.open()) {
            start(
                    sink.port(),
                    "smtpd_sender_restrictions = check_sender_access inline:{ {s@a.test = FILTER smtp-amavis:[127.0.0.1]:1} }");
            String id = sendFrom("127.0.0.7", "u@x.test");
            mta.awaitLog(id + ": to=<u@x.test>, relay=none");
            try (ContentFilter filter = new ContentFilter(filterPort, backPort)) {
                String said = mta.run("postsuper", "-r", id).err();
                assertTrue(said.contains("Requeued: 1 message"), said);
                assertEquals("yes", sink.take().field("X-Scanned"));
                assertTrue(
                        filter.origins()
                                .get(0)
                                .matches("XFORWARD ADDR=127\\.0\\.0\\.7 .* IDENT=" + id + " SOURCE=REMOTE"),
                        filter.origins()::toString);
            }
        }
    }

    /** A restart forgets neither the filter nor the client. */
    @Test
    void sendsMailToItsFilterAfterAStart() throws Exception {
        try (RecordingSink sink = RecordingSink.open()) {
            start(sink.port());
            String id = sendFrom("127.0.0.7", "u@x.test");
            mta.awaitLog(id + ": to=<u@x.test>, relay=none");
            String shown = mta.run("postcat", "-qe", id).out();
            assertTrue(
                    shown.contains("\ncontent_filter: smtp-amavis:[127.0.0.1]:" + filterPort + "\n"
                            + "named_attribute: log_ident=" + id
                            + "\nnamed_attribute: rewrite_context=remote\nsender: s@a.test\n"
                            + "named_attribute: log_client_address=127.0.0.7\n"),
                    shown);
            assertTrue(
                    shown.contains("\nnamed_attribute: log_helo_name=c+d.test\n"
                            + "named_attribute: log_protocol_name=SMTP\n"),
                    shown);
            mta.stop();
            mta.start();
            try (ContentFilter filter = new ContentFilter(filterPort, backPort)) {
                mta.run("postqueue", "-f");
                assertEquals("yes", sink.take().field("X-Scanned"));
                assertTrue(filter.origins().get(0).contains(" IDENT=" + id + " "), filter.origins()::toString);
            }
        }
    }
}
