// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The next message's envelope behind a message, and the line of those that wait (RFC 2920 §3.1). */
@Timeout(120)
class NextMessageIT {
    private static final String PIPELINING = "250-PIPELINING\r\n";

    private final Courier courier = new Courier(Courier.settings(), Courier.routes());
    /** All messages are in the line: no server says anything before, or the first would go alone. */
    private final CountDownLatch offered = new CountDownLatch(1);

    private FakeSite site;

    @AfterEach
    void close() {
        courier.close();
        site.close();
    }

    private void on(FakeSite.Script... scripts) {
        site = FakeSite.on("127.0.0.1", 0, scripts);
        courier.attemptsMax(1);
    }

    /** Sends so many messages, one after the other in the line; returns what became of each. */
    private List<String> send(int count) throws Exception {
        List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(courier.send("[127.0.0.1]:" + site.port()));
        }
        offered.countDown();
        List<String> shown = new ArrayList<>();
        for (CompletableFuture<DeliveryReport> answer : answers) {
            DeliveryReport report = Courier.await(answer);
            shown.add(report.isUntried() ? "untried" : word(report.outcomes()[0]));
        }
        return shown;
    }

    private static String word(DeliveryOutcome outcome) {
        return outcome.kind() + " " + outcome.status();
    }

    private void greet(FakeSite.Wire wire) throws IOException {
        awaitOffers();
        wire.reply("220 mx.test ESMTP");
        wire.readLine();
        wire.reply("250-mx.test\r\n" + PIPELINING + "250 HELP");
    }

    private void awaitOffers() {
        try {
            offered.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void expectEnvelope(FakeSite.Wire wire) throws IOException {
        wire.expect("MAIL FROM:<a@a.test>");
        wire.expect("RCPT TO:<u@b.test>");
        wire.expect("DATA");
    }

    private static void takeEnvelope(FakeSite.Wire wire) throws IOException {
        expectEnvelope(wire);
        wire.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
    }

    /** The first message, and the envelope of the second before the first is answered. */
    private void untilSecondEnvelope(FakeSite.Wire wire) throws IOException {
        greet(wire);
        takeEnvelope(wire);
        wire.readContent();
        expectEnvelope(wire);
    }

    /** Each envelope when the message before it has been answered: it would not be understood earlier. */
    private void takeTwoInTurn(FakeSite.Wire wire) throws IOException {
        greet(wire);
        for (int i = 0; i < 2; i++) {
            takeEnvelope(wire);
            wire.readContent();
            wire.reply("250 2.0.0 Ok");
        }
    }

    private static void takeSecond(FakeSite.Wire wire) throws IOException {
        wire.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
        wire.readContent();
        wire.reply("250 2.0.0 Ok");
    }

    private static void serve(FakeSite.Wire wire) throws IOException {
        wire.serve(PIPELINING);
    }

    @Test
    void goesBehindTheContentBeforeThatIsAnswered() throws Exception {
        on(wire -> {
            untilSecondEnvelope(wire);
            wire.reply("250 2.0.0 Ok");
            takeSecond(wire);
        });
        assertEquals(List.of("DELIVERED 2.0.0", "DELIVERED 2.0.0"), send(2));
        site.verify();
    }

    private void greetTold(FakeSite.Wire wire) throws IOException {
        awaitOffers();
        wire.reply("220 mx.test ESMTP");
        wire.readLine();
        wire.reply("250-mx.test\r\n" + PIPELINING + "250 XFORWARD SOURCE");
    }

    private static void expectToldEnvelope(FakeSite.Wire wire) throws IOException {
        wire.expect("XFORWARD SOURCE=LOCAL");
        expectEnvelope(wire);
    }

    private static void takeToldMessage(FakeSite.Wire wire) throws IOException {
        wire.send("250 2.0.0 Ok\r\n");
        takeSecond(wire);
    }

    private void deliverTwoTold() throws Exception {
        try (Courier told = new Courier(Courier.settings().withOrigin(), Courier.routes())) {
            told.attemptsMax(1);
            List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                answers.add(told.send("[127.0.0.1]:" + site.port()));
            }
            offered.countDown();
            for (CompletableFuture<DeliveryReport> answer : answers) {
                assertEquals("DELIVERED 2.0.0", word(Courier.await(answer).outcomes()[0]));
            }
        }
        site.verify();
    }

    @Test
    void goesBehindTheContentWithWhomItCameFrom() throws Exception {
        on(wire -> {
            greetTold(wire);
            expectToldEnvelope(wire);
            wire.send("250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
            wire.readContent();
            expectToldEnvelope(wire);
            wire.reply("250 2.0.0 Ok");
            takeToldMessage(wire);
        });
        deliverTwoTold();
    }

    @Test
    void goesByItselfToOneWhoDoesNotTakeXforwardBehindTheContent() throws Exception {
        on(
                wire -> {
                    greetTold(wire);
                    expectToldEnvelope(wire);
                    wire.send("250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
                    wire.readContent();
                    expectToldEnvelope(wire);
                    wire.reply("250 2.0.0 Ok");
                    wire.send("503 5.5.1 not now\r\n");
                    wire.expectClose();
                },
                wire -> {
                    greetTold(wire);
                    expectToldEnvelope(wire);
                    takeToldMessage(wire);
                });
        deliverTwoTold();
    }

    @Test
    void copiesTheHeadThatReplacesWhatIsStored() throws Exception {
        List<String> contents = new ArrayList<>();
        on(wire -> {
            greet(wire);
            takeEnvelope(wire);
            contents.add(wire.readContent());
            expectEnvelope(wire);
            wire.reply("250 2.0.0 Ok");
            wire.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
            contents.add(wire.readContent());
            wire.reply("250 2.0.0 Ok");
        });
        List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            answers.add(courier.send(
                    "[127.0.0.1]:" + site.port(),
                    Courier.envelope("a@a.test", "u@b.test"),
                    FileBody.of("Subject: x\n\nhello\n").replacing(12, "Subject: other\r\n")));
        }
        offered.countDown();
        for (CompletableFuture<DeliveryReport> answer : answers) {
            assertEquals("DELIVERED 2.0.0", word(Courier.await(answer).outcomes()[0]));
        }
        site.verify();
        String expected = "Subject: other\n\nhello\n";
        assertEquals(List.of(expected, expected), contents);
    }

    @Test
    void understandsAllRepliesInOneSegmentAndByteByByte() throws Exception {
        on(wire -> {
            untilSecondEnvelope(wire);
            wire.send("250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
            wire.readContent();
            expectEnvelope(wire);
            wire.drip();
            wire.send("250 2.0.0 Ok\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go ahead\r\n");
            wire.readContent();
            wire.reply("250 2.0.0 Ok");
        });
        assertEquals(List.of("DELIVERED 2.0.0", "DELIVERED 2.0.0", "DELIVERED 2.0.0"), send(3));
        site.verify();
    }

    @Test
    void goesOnWhenTheMessageInFrontIsRefused() throws Exception {
        on(wire -> {
            untilSecondEnvelope(wire);
            wire.reply("550 5.7.1 no");
            takeSecond(wire);
        });
        assertEquals(List.of("BOUNCED 5.7.1", "DELIVERED 2.0.0"), send(2));
        site.verify();
    }

    @Test
    void isTriedElsewhereWhenTheServerShutsDownBehindTheMessageInFront() throws Exception {
        on(
                wire -> {
                    untilSecondEnvelope(wire);
                    wire.reply("421 4.3.2 closing");
                },
                NextMessageIT::serve);
        assertEquals(List.of("DEFERRED 4.3.2", "DELIVERED 2.0.0"), send(2));
        assertEquals(2, site.connectionCount());
    }

    @Test
    void isTriedOnAFreshConnectionWhenTheServerTakesOneMessageAConnection() throws Exception {
        on(
                wire -> {
                    untilSecondEnvelope(wire);
                    wire.reply("250 2.0.0 Ok");
                },
                NextMessageIT::serve);
        assertEquals(List.of("DELIVERED 2.0.0", "DELIVERED 2.0.0"), send(2));
    }

    @Test
    void isNotBouncedByAServerThatDidNotExpectItAndIsNotSentEarlyThereAgain() throws Exception {
        on(
                wire -> {
                    untilSecondEnvelope(wire);
                    wire.reply("250 2.0.0 Ok");
                    wire.send("554 5.5.0 Error: SMTP protocol synchronization\r\n");
                    wire.expectClose();
                },
                this::takeTwoInTurn);
        assertEquals(List.of("DELIVERED 2.0.0", "DELIVERED 2.0.0", "DELIVERED 2.0.0"), send(3));
        site.verify();
    }

    @Test
    void isGivenBackUntriedWhenTheSiteFails() throws Exception {
        on(wire -> {
            untilSecondEnvelope(wire);
            wire.reset();
        });
        List<String> shown = send(3);
        assertEquals(List.of("DEFERRED 4.4.2", "untried", "untried"), shown);
        assertEquals(1, site.connectionCount());
    }

    @Test
    void isNotSentEarlyAgainToAServerThatHungUpOnIt() throws Exception {
        on(
                wire -> {
                    untilSecondEnvelope(wire);
                    wire.reset();
                },
                this::takeTwoInTurn);
        assertEquals(List.of("DEFERRED 4.4.2", "untried"), send(2));
        assertEquals(List.of("DELIVERED 2.0.0", "DELIVERED 2.0.0"), send(2));
        site.verify();
    }

    @Test
    void endsBehindTheRecipientsWhereItOnlyAsks() throws Exception {
        on(wire -> {
            untilSecondEnvelopeWithoutData(wire);
            wire.reply("250 2.0.0 Ok");
            wire.send("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n");
            wire.expect("RSET");
            wire.reply("250 2.0.0 Ok");
        });
        CompletableFuture<DeliveryReport> first = courier.send("[127.0.0.1]:" + site.port());
        CompletableFuture<DeliveryReport> second = courier.send(
                "[127.0.0.1]:" + site.port(),
                Courier.envelope(TraceMode.VERIFY, "a@a.test", "u@b.test"),
                FileBody.of("Subject: probe\n"));
        offered.countDown();
        assertEquals("DELIVERED 2.0.0", word(Courier.await(first).outcomes()[0]));
        assertEquals("DELIVERED 2.1.5", word(Courier.await(second).outcomes()[0]));
        site.verify();
    }

    private void untilSecondEnvelopeWithoutData(FakeSite.Wire wire) throws IOException {
        greet(wire);
        takeEnvelope(wire);
        wire.readContent();
        wire.expect("MAIL FROM:<a@a.test>");
        wire.expect("RCPT TO:<u@b.test>");
    }

    @Test
    void waitsForTheAttemptInFrontAndOpensNoConnectionOfItsOwn() throws Exception {
        site = FakeSite.always("127.0.0.1", 0, wire -> {
            awaitOffers();
            serve(wire);
        });
        courier.attemptsMax(2);
        List<String> shown = send(200);
        assertTrue(shown.stream().allMatch("DELIVERED 2.0.0"::equals), shown.toString());
        assertEquals(2, site.connectionCount());
    }

    @Test
    void tellsHowLongItWaited() throws Exception {
        on(wire -> {
            untilSecondEnvelope(wire);
            wire.reply("250 2.0.0 Ok");
            takeSecond(wire);
        });
        CompletableFuture<DeliveryReport> first = courier.send("[127.0.0.1]:" + site.port());
        CompletableFuture<DeliveryReport> second = courier.send("[127.0.0.1]:" + site.port());
        offered.countDown();
        assertNotNull(Courier.await(first).outcomes()[0]);
        DeliveryReport report = Courier.await(second);
        assertTrue(report.waitNs() > 0, "waited " + report.waitNs());
        assertEquals(0, report.connectNs());
    }
}
