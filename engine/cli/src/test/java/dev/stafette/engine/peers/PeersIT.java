// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.peers.Program.Outcome;
import dev.stafette.engine.peers.SmtpSink.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that others wrote send mail through the installation to a server that others wrote. */
@Timeout(900)
class PeersIT {
    private static final int MESSAGES = 20_000;

    private static PeerRelay relay;

    @BeforeAll
    static void start() throws Exception {
        relay = PeerRelay.start(
                "peers",
                (parent, sinkPort) -> List.of(
                        "relayhost = [127.0.0.1]:" + sinkPort,
                        "message_size_limit = 65536",
                        "smtpd_error_sleep_time = 0"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    @Test
    void carriesTwentyThousandMessagesFromSmtpSourceToSmtpSink() throws Exception {
        // -N puts a number that never repeats before every recipient; -d keeps the connections.
        Outcome sent = Program.run(
                relay.parent(),
                List.of(
                        Programs.require("smtp-source").toString(),
                        "-d",
                        "-N",
                        "-s",
                        "20",
                        "-m",
                        Integer.toString(MESSAGES),
                        "-l",
                        "1000",
                        "-f",
                        "a@source.test",
                        "-t",
                        "u@source.test",
                        relay.server()));
        assertEquals(new Outcome(0, ""), sent);
        List<Transaction> arrived = relay.sink().await("source.test", MESSAGES);
        assertEquals(MESSAGES, arrived.size(), "some came twice");
        HashSet<List<String>> recipients = new HashSet<>();
        for (Transaction one : arrived) {
            assertTrue(recipients.add(one.arguments("Rcpt")), "came twice: " + one.arguments("Rcpt"));
        }
        Map<String, Long> counts = relay.process().counts();
        long sessions = counts.getOrDefault("sessions_out_total", 0L);
        assertTrue(sessions > 0 && sessions < MESSAGES / 10, "connections: " + sessions);
        assertEquals(0, counts.get("duplicates_possible_total"));
    }

    private static Outcome swaks(String recipient, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Programs.require("swaks").toString(),
                "--server",
                relay.server(),
                "--ehlo",
                "client.test",
                "--from",
                "a@a.test",
                "--to",
                recipient));
        line.addAll(List.of(words));
        return Program.run(relay.parent(), line);
    }

    @Test
    void takesMessagesOfSwaksInTurnAndPipelined() throws Exception {
        Outcome plain = swaks("plain@swaks.test,other@swaks.test", "--body", "one\n.two\n..three");
        assertEquals(0, plain.exitCode(), plain.text());
        Outcome pipelined = swaks("pipelined@swaks.test", "--pipeline", "--body", "Gr\u00fc\u00dfe");
        assertEquals(0, pipelined.exitCode(), pipelined.text());
        for (Transaction one : relay.sink().await("swaks.test", 2)) {
            assertTrue(
                    one.isFor("plain@swaks.test")
                            ? one.body().startsWith("one\n.two\n..three\n") && one.isFor("other@swaks.test")
                            : one.body().startsWith(latin("Gr\u00fc\u00dfe\n")),
                    one.text());
        }
    }

    /** UTF-8, read as one character a byte. */
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void queuesNothingWhenSwaksLeavesEarly() throws Exception {
        for (String stage : List.of("CONNECT", "FIRST-HELO", "MAIL", "RCPT")) {
            Outcome left = swaks("left@early.test", "--quit-after", stage);
            assertEquals(0, left.exitCode(), left.text());
            assertTrue(left.text().contains("<-  221 2.0.0 Bye"), left.text());
        }
        for (String stage : List.of("MAIL", "RCPT", "DATA")) {
            assertEquals(0, swaks("left@early.test", "--drop-after", stage).exitCode());
        }
        assertEquals(0, swaks("stayed@early.test").exitCode());
        List<Transaction> arrived = relay.sink().await("early.test", 1);
        assertTrue(arrived.get(0).isFor("stayed@early.test"), arrived.toString());
        assertEquals(1, arrived.size());
        awaitLog("lost connection after DATA (0 bytes) from localhost[127.0.0.1]");
        awaitLog("lost connection after RCPT from localhost[127.0.0.1]");
        awaitLog("disconnect from localhost[127.0.0.1] ehlo=1 mail=1 rcpt=1 quit=1 commands=4");
    }

    private static void awaitLog(String text) throws Exception {
        Path log = relay.directory().path().resolve("mail.log");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(log).contains(text)) {
            assertTrue(System.nanoTime() < deadline, text);
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }

    @Test
    void tellsSwaksWhatItRefuses() throws Exception {
        // 24: no recipient was accepted.
        Outcome refused = swaks("u@[300.1.1.1]");
        assertEquals(24, refused.exitCode(), refused.text());
        // 23: MAIL was not.
        Outcome sender = swaks("u@refused.test", "--from", "a@[300.1.1.1]");
        assertEquals(23, sender.exitCode(), sender.text());
    }

    @Test
    void servesPythonsSmtplib() throws Exception {
        Path script =
                Path.of(PeersIT.class.getResource("/peers/smtplib_client.py").toURI());
        Outcome talked = Program.run(
                relay.parent(),
                List.of(
                        Programs.require("python3").toString(),
                        "-I",
                        script.toString(),
                        Integer.toString(relay.directory().port())));
        assertEquals("""
            many_recipients [('u@[300.1.1.1]', 501, '5.1.3 Bad recipient address syntax')]
            eight_bit (['BODY=8BITMIME'], {})
            announced_too_big (552, '5.3.4 Message size exceeds fixed limit', 250)
            too_big_without_saying_so (552, '5.3.4 Error: message file too big', 250)
            notifications True
            a_recipient_beyond_ascii {}
            several_messages_of_a_session (252, 500, 221)
            """, talked.text());
        Transaction many = relay.sink().await("many.py.test", 1).get(0);
        assertEquals(
                List.of("<one@many.py.test>", "<two@many.py.test>", "<three@many.py.test>"),
                many.arguments("Rcpt").stream().map(PeersIT::path).toList());
        assertTrue(many.body().startsWith(".dot\n..two dots\n.\nlast line without an end\n"), many.text());
        Transaction eight = relay.sink().await("eight.py.test", 1).get(0);
        assertTrue(eight.arguments("Mail").get(0).contains("BODY=8BITMIME"), eight.text());
        assertTrue(eight.body().startsWith(latin("Gr\u00fc\u00dfe\n")), eight.text());
        Transaction dsn = relay.sink().await("dsn.py.test", 1).get(0);
        assertTrue(dsn.arguments("Mail").get(0).contains("RET=HDRS ENVID=x+2By"), dsn.text());
        assertEquals(
                List.of("<u@dsn.py.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;other@dsn.py.test"), dsn.arguments("Rcpt"));
        assertEquals(3, relay.sink().await("several.py.test", 3).size());
        // The next server knows no SMTPUTF8: nothing is mangled for it.
        Transaction returned = relay.sink().await("back.py.test", 1).get(0);
        assertEquals(
                List.of("<>"),
                returned.arguments("Mail").stream().map(PeersIT::path).toList());
        assertTrue(returned.text().contains("\nStatus: 5.6.7\n"), returned.text());
        assertFalse(relay.sink().transactions().stream().anyMatch(one -> one.isFor("u@big.py.test")));
    }

    private static String path(String argument) {
        return argument.substring(0, argument.indexOf('>') + 1);
    }
}
