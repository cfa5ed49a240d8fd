// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.auth.CredentialAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of which sessions somebody is told, and what was said in them; as Postfix 3.7 tells the postmaster. */
@Timeout(120)
class ServerErrorsIT {
    private final List<ServerErrors.Told> told = new CopyOnWriteArrayList<>();

    private SmtpClientSettings settings(@Nullable BinaryOperator<String> replyFilter) {
        return settings(replyFilter, (loop, address, then) -> loop.execute(() -> then.accept(ServerTraits.USUAL)));
    }

    private SmtpClientSettings settings(@Nullable BinaryOperator<String> replyFilter, ServerBook servers) {
        return Courier.settings().withHabits(TestHabits.usualBut(habits -> {
            habits.servers = servers;
            habits.pixDelay = Duration.ZERO;
            habits.replyFilter = replyFilter;
            habits.errors = told::add;
        }));
    }

    /** {@code replies}: to each line of the client in turn, the greeting first. */
    private static FakeSite site(String... replies) {
        return FakeSite.on("127.0.0.1", 0, wire -> {
            boolean isContent = false;
            for (String reply : replies) {
                if (!reply.equals(replies[0])) {
                    String line = wire.readLine();
                    while (isContent && !line.equals(".")) {
                        line = wire.readLine();
                    }
                }
                isContent = reply.startsWith("354");
                wire.reply(reply);
            }
            drain(wire);
        });
    }

    private static void drain(FakeSite.Wire wire) throws IOException {
        while (!wire.readLine().equals("QUIT")) {
            // Whatever it was.
        }
        wire.reply("221 bye");
    }

    private void send(SmtpClientSettings settings, FakeSite site) throws Exception {
        try (Courier courier = new Courier(settings, Courier.routes())) {
            Courier.await(courier.send("[127.0.0.1]:" + site.port()));
        } finally {
            site.close();
        }
    }

    private List<String> transcript(FakeSite site, SmtpClientSettings settings) throws Exception {
        send(settings, site);
        assertEquals(1, told.size());
        ServerErrors.Told one = told.get(0);
        assertEquals("127.0.0.1[127.0.0.1]:" + site.port(), one.relay());
        assertEquals("a@a.test", one.sender().external());
        return one.transcript();
    }

    @Test
    void tellsOfACodeThatSaysThatWeHaveMadeAnError() throws Exception {
        assertEquals(
                List.of(
                        "In:  220 mx.test ESMTP",
                        "Out: EHLO relay.test",
                        "In:  250-mx.test",
                        "In:  250 8BITMIME",
                        "Out: MAIL FROM:<a@a.test>",
                        "In:  250 2.1.0 ok",
                        "Out: RCPT TO:<u@b.test>",
                        "In:  501 5.1.3 bad syntax",
                        "Out: QUIT"),
                transcript(
                        site(
                                "220 mx.test ESMTP",
                                "250-mx.test\r\n250 8BITMIME",
                                "250 2.1.0 ok",
                                "501 5.1.3 bad syntax"),
                        settings(null)));
        assertTrue(told.get(0).hasProtocolError());
        assertFalse(told.get(0).hasDataError());
    }

    @Test
    void tellsOfLinesThatAreNoReplies() throws Exception {
        assertEquals(
                List.of(
                        "Out: MAIL FROM:<a@a.test>",
                        "In:  what?",
                        "In:  250 2.1.0 ok",
                        "Out: RCPT TO:<u@b.test>",
                        "In:  250 2.1.5 ok",
                        "Out: DATA",
                        "In:  354 go",
                        "Out: .",
                        "In:  250 2.0.0 ok",
                        "Out: QUIT"),
                transcript(
                                site(
                                        "220 mx.test",
                                        "250 mx.test",
                                        "what?\r\n250 2.1.0 ok",
                                        "250 2.1.5 ok",
                                        "354 go",
                                        "250 2.0.0 ok"),
                                settings(null))
                        .stream()
                        .skip(3)
                        .toList());
    }

    @Test
    void tellsOfAServerThatRefusesTheSession() throws Exception {
        assertEquals(List.of("In:  500 no", "Out: QUIT"), transcript(site("500 no"), settings(null)));
    }

    @Test
    void tellsNothingOfRefusalsAndOfSessionsThatEnd() throws Exception {
        send(settings(null), site("220 mx.test", "250 mx.test", "250 2.1.0 ok", "550 5.1.1 unknown"));
        send(settings(null), site("220 mx.test", "250 mx.test", "452 4.3.1 full"));
        send(settings(null), FakeSite.on("127.0.0.1", 0, wire -> wire.reply("220 mx.test")));
        send(settings(null), site("220 mx.test", "502 5.5.1 no", "250 mx.test", "554 5.7.1 no"));
        assertEquals(List.of(), told);
    }

    @Test
    void showsTheLineThatHasComeAndTheOneThatIsTakenForIt() throws Exception {
        List<String> transcript = transcript(
                site("220 mx.test", "250 mx.test", "250 2.1.0 ok", "550 5.1.1 odd"),
                settings((relay, line) -> line.equals("550 5.1.1 odd") ? "504 5.5.4 new" : line));
        assertEquals(
                List.of("In:  550 5.1.1 odd", "Replaced-by: ", "     504 5.5.4 new", "Out: QUIT"),
                transcript.subList(transcript.size() - 4, transcript.size()));
    }

    @Test
    void tellsOfLookUpsThatHaveFailed() throws Exception {
        assertEquals(
                List.of("In:  220 mx.test", "Out: QUIT"),
                transcript(
                        site("220 mx.test"),
                        settings(null, (loop, address, then) -> loop.execute(() -> then.accept(null)))));
        assertTrue(told.get(0).hasDataError());
        assertFalse(told.get(0).hasProtocolError());
    }

    @Test
    void showsNoPasswords() throws Exception {
        ClientLogins logins = new ClientLogins(
                (query, loop, then) -> then.accept(new CredentialAnswer.Login("u", "secret", List.of("PLAIN"))),
                false,
                false,
                Runnable::run);
        List<String> transcript = transcript(
                site("220 mx.test", "250-mx.test\r\n250 AUTH PLAIN", "235 in", "501 5.1.7 bad"),
                settings(null).withLogins(logins));
        assertTrue(transcript.contains("Out: AUTH PLAIN ..."), transcript::toString);
    }

    @Test
    void tellsOfAMessageWithoutThoseOfTheSameSessionBeforeIt() throws Exception {
        FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
            wire.reply("220 mx.test");
            wire.readLine();
            wire.reply("250-mx.test\r\n250 PIPELINING");
            for (int message = 1; message <= 3; message++) {
                wire.readLine();
                wire.readLine();
                wire.readLine();
                wire.reply("250 2.1.0 m" + message);
                wire.reply("250 2.1.5 ok");
                wire.reply("354 go");
                while (!wire.readLine().equals(".")) {
                    // The content.
                }
                wire.reply(message == 2 ? "what?\r\n250 2.0.0 ok" : "250 2.0.0 ok");
                if (message == 2) {
                    break;
                }
            }
            drain(wire);
        });
        try (Courier courier = new Courier(settings(null), Courier.routes())) {
            courier.attemptsMax(1);
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                sent.add(courier.send("[127.0.0.1]:" + site.port()));
            }
            for (CompletableFuture<?> one : sent) {
                one.get();
            }
            site.verify();
        } finally {
            site.close();
        }
        assertEquals(1, told.size());
        assertEquals(
                List.of(
                        "Out: MAIL FROM:<a@a.test>",
                        "Out: RCPT TO:<u@b.test>",
                        "Out: DATA",
                        "In:  250 2.1.0 m2",
                        "In:  250 2.1.5 ok",
                        "In:  354 go",
                        "Out: .",
                        "In:  what?",
                        "In:  250 2.0.0 ok",
                        "Out: QUIT"),
                told.get(0).transcript());
    }

    @Test
    void keepsTheEndOfALongSession() throws Exception {
        String[] recipients = new String[SessionHistory.LINES_MAX];
        Arrays.setAll(recipients, i -> "u" + i + "@b.test");
        String[] replies = new String[recipients.length + 3];
        Arrays.fill(replies, "501 5.1.3 bad");
        replies[0] = "220 mx.test";
        replies[1] = "250 mx.test";
        replies[2] = "250 ok";
        FakeSite site = site(replies);
        try (Courier courier = new Courier(settings(null), Courier.routes())) {
            Courier.await(courier.send(
                    "[127.0.0.1]:" + site.port(), Courier.envelope("a@a.test", recipients), FileBody.of("x\n")));
        } finally {
            site.close();
        }
        assertEquals(SessionHistory.LINES_MAX, told.get(0).transcript().size());
        assertEquals("Out: QUIT", told.get(0).transcript().get(SessionHistory.LINES_MAX - 1));
    }
}
