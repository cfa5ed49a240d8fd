// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.SinkSettings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A running mail system whose lists are in tables that come, go and change. */
@Timeout(300)
class ListTablesIT {
    private static final String UNAVAILABLE = "451 4.3.0 <u@far.test>: Temporary lookup failure";

    private Path parent;
    private RunningMta mta;

    @BeforeEach
    void prepare() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "listtables");
    }

    @AfterEach
    void stop() throws Exception {
        if (mta != null) {
            mta.close();
        }
        MtaDirectory.delete(parent);
    }

    private void start(String... mainCf) throws Exception {
        mta = new RunningMta(parent, mainCf);
    }

    /** What a client is told that is not ours. */
    private String answerTo(String recipient) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), mta.directory().port())) {
            socket.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            in.readLine();
            String answer = "";
            for (String line : new String[] {"HELO t", "MAIL FROM:<a@a.test>", "RCPT TO:<" + recipient + ">"}) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                answer = in.readLine();
            }
            return answer;
        }
    }

    private void awaitAnswer(String expected) throws Exception {
        mta.await(expected, () -> {
            try {
                return answerTo("u@far.test").startsWith(expected);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private long linesOfLog(String part) throws Exception {
        return mta.log().lines().filter(line -> line.contains(part)).count();
    }

    /** As after the move from another Postfix: main.cf names a table that nobody has built yet. */
    @Test
    void waitsForATableThatIsNotThereYet() throws Exception {
        Path source = parent.resolve("relay");
        start("mynetworks = 192.0.2.1", "relayhost = [127.0.0.1]:1", "relay_domains = hash:" + source);
        assertEquals(UNAVAILABLE, answerTo("u@far.test"));
        assertEquals(UNAVAILABLE, answerTo("u@far.test"));
        Files.writeString(source, "far.test x\n");
        assertEquals(0, mta.run("postmap", source.toString()).exitCode());
        awaitAnswer("250 2.1.5 Ok");
        assertEquals("454 4.7.1 <u@near.test>: Relay access denied", answerTo("u@near.test"));
        Files.writeString(source, "near.test x\n");
        assertEquals(0, mta.run("postmap", source.toString()).exitCode());
        awaitAnswer("454 4.7.1 <u@far.test>: Relay access denied");
        assertEquals("250 2.1.5 Ok", answerTo("u@near.test"));
        mta.stop();
        assertEquals(1, linesOfLog("hash:" + source + " lookup error for \"far.test\": open database "));
        mta.start();
    }

    @Test
    void asksADatabaseOffTheLoops() throws Exception {
        Path database = parent.resolve("domains.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                Statement statement = connection.createStatement()) {
            statement.execute("create table domains (name text)");
            statement.execute("insert into domains values ('far.test')");
        }
        Path map = parent.resolve("sqlite.cf");
        Files.writeString(map, "dbpath = " + database + "\nquery = SELECT name FROM domains WHERE name = '%s'\n");
        start(
                "mynetworks = 192.0.2.1",
                "mydestination =",
                "relayhost = [127.0.0.1]:1",
                "relay_transport = smtp:[127.0.0.1]:1",
                "relay_domains = sqlite:" + map);
        assertEquals("250 2.1.5 Ok", answerTo("u@far.test"));
        assertEquals("454 4.7.1 <u@near.test>: Relay access denied", answerTo("u@near.test"));
        String id = mta.send("me@a.test", "x", "u@far.test");
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
    }

    /**
     * Postfix 3.7 starts with each of these and answers so; but a nis: table is an empty one to it where the machine has no
     * NIS domain.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        relay_domains = relay.test, /no/file   | 250 250 451
        relay_domains = /no/file               | 250 451 451
        relay_domains = nisplus:foo            | 250 451 451
        relay_domains = unionmap:{nisplus:x static:y} | 250 451 451
        mydestination = /no/file               | 451 451 451
        mydestination = local.test, netinfo:x  | 250 451 451
        mydestination = hash:/no/file          | 451 451 451
        mynetworks = /no/file                  | 451 451 451
        mynetworks = 127.0.0.0/8, mongodb:foo  | 250 250 250
        mynetworks = mongodb:foo               | 451 451 451
        local_recipient_maps = hash:/no/file   | 451 250 250
        local_recipient_maps = nis:foo         | 451 250 250
        smtpd_client_event_limit_exceptions = /no/file | 250 250 250
        fast_flush_domains = /no/file          | 250 250 250
        """)
    void startsWithoutWhatAListNames(String line, String answers) throws Exception {
        start(
                "mynetworks = 127.0.0.0/8",
                "mydestination = local.test",
                "relay_domains = relay.test",
                "relayhost = [127.0.0.1]:1",
                "local_recipient_maps =",
                "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
                line);
        List<String> all = List.of(answerTo("u@local.test"), answerTo("u@relay.test"), answerTo("u@far.test"));
        assertEquals(
                answers,
                all.stream().map(answer -> answer.substring(0, 3)).collect(Collectors.joining(" ")),
                all.toString());
        for (String answer : all) {
            assertTrue(
                    answer.startsWith("250 2.1.5 Ok")
                            || answer.matches("451 4\\.3\\.0 <u@[a-z]+\\.test>: Temporary lookup failure"),
                    answer);
        }
        mta.stop();
        String what = line.contains("/no/file")
                ? "open .*/no/file.*: No such file or directory"
                : "unsupported dictionary type: [a-z]+";
        Pattern said = Pattern.compile("warning: [a-z-]+:.* is unavailable\\. " + what);
        assertTrue(said.matcher(mta.log()).find(), mta.log());
        mta.start();
    }

    @Test
    void keepsMailWhoseRouteCannotBeToldAndLosesNothing() throws Exception {
        start(
                "mydestination = near.test, fail:now",
                "relayhost = [127.0.0.1]:1",
                "smtpd_reject_unlisted_recipient = no");
        String id = mta.send("me@a.test", "x", "u@far.test");
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        assertTrue(mta.run("postqueue", "-p").out().contains("(address resolver failure)"));
        mta.stop();
        assertEquals(1, linesOfLog(id + ": to=<u@far.test>, relay=none"));
        mta.start();
        assertEquals("deferred", mta.queueOf(id));
    }

    /** Postfix asks for the route of each message again when it is due; so does a new relayhost hold for what waits. */
    @Test
    void sendsWhatWaitsByTheRelayhostOfAReload() throws Exception {
        start("relayhost = [127.0.0.1]:1");
        String id = mta.send("me@a.test", "x", "u@far.test");
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        try (DiscardSink sink = DiscardSink.open(
                SinkSettings.acceptingAll(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
            Files.writeString(
                    mta.directory().path().resolve("main.cf"),
                    "relayhost = [127.0.0.1]:" + sink.port() + "\n",
                    StandardOpenOption.APPEND);
            assertEquals(0, mta.run("postfix", "reload").exitCode());
            assertEquals(0, mta.run("postqueue", "-f").exitCode());
            mta.await(id + " gone", () -> mta.queueOf(id).isEmpty());
        }
    }

    @Test
    void changesNothingWhenAReloadNamesATableThatCannotBe() throws Exception {
        start("mynetworks = 192.0.2.1", "relay_domains = far.test", "relayhost = [127.0.0.1]:1");
        Path mainCf = mta.directory().path().resolve("main.cf");
        Files.writeString(mainCf, "relay_domains = hsah:/x\n", StandardOpenOption.APPEND);
        Spoken reload = mta.run("postfix", "reload");
        assertEquals(1, reload.exitCode());
        assertTrue(reload.err().contains("parameter 'relay_domains': unsupported dictionary type: hsah"), reload.err());
        assertEquals("250 2.1.5 Ok", answerTo("u@far.test"));
    }
}
