// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static dev.stafette.engine.screen.TestScreen.EPOCH_SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a client passes, and for how long; what it hears meanwhile is compared with Postfix in ScreenComparisonIT. */
class ScreeningTest {
    private static final String TEASER = "220-mx.b.test ESMTP|";
    private static final String GREETING = "220 mx.b.test ESMTP|";

    @Test
    void letsAClientPassThatWaitsAndNotAMomentBefore() {
        try (TestScreen screen = new TestScreen()) {
            TestScreen.Client client = screen.connect("192.0.2.7");
            assertEquals(TEASER, client.heard());
            screen.pass(5_999);
            assertEquals(List.of(), screen.passed());
            screen.pass(1);
            assertEquals(List.of("192.0.2.7"), screen.passed());
            assertEquals(0, screen.load().count());
            assertEquals(
                    List.of(
                            "postscreen: CONNECT from [192.0.2.7]:4711 to [192.0.2.1]:25",
                            "postscreen: PASS NEW [192.0.2.7]:4711"),
                    screen.log());
        }
    }

    @Test
    void remembersItForAsLongAsTheTestHolds() {
        try (TestScreen screen = new TestScreen()) {
            screen.connect("192.0.2.7");
            screen.pass(6_000);
            assertEquals(
                    EPOCH_SECONDS + 6 + 86_400 + ";1;1;1;1",
                    screen.cache.find(FakeHost.ip("192.0.2.7")).text());
            assertEquals("", screen.connect("192.0.2.7").heard());
            assertEquals(2, screen.passed().size());
            screen.pass(86_400_000L);
            screen.connect("192.0.2.7");
            assertEquals(3, screen.passed().size());
            screen.pass(1_000);
            assertEquals(TEASER, screen.connect("192.0.2.7").heard());
            screen.pass(6_000);
            assertEquals(4, screen.passed().size());
            assertEquals(
                    4,
                    screen.log().stream()
                            .filter(line -> line.contains(": PASS "))
                            .count());
        }
    }

    @Test
    void testsAgainWhatIsWantedLaterAndCallsNobodyNewForIt() {
        try (TestScreen screen = new TestScreen()) {
            screen.connect("192.0.2.7");
            screen.pass(6_000);
            screen.reload("postscreen_pipelining_enable = yes");
            TestScreen.Client client = screen.connect("192.0.2.7");
            assertEquals(GREETING, client.heard());
            client.say("HELO c.test\n")
                    .say("MAIL FROM:<>\n")
                    .say("RCPT TO:<x@b.test>\n")
                    .say("QUIT\n");
            assertFalse(client.isOpen());
            assertTrue(screen.log().contains("postscreen: PASS OLD [192.0.2.7]:4711"));
        }
    }

    @Test
    void givesWhatWasSaidTooEarlyToTheSession() {
        try (TestScreen screen = new TestScreen()) {
            screen.connect("192.0.2.7").say("EHLO c.test\n");
            screen.pass(6_000);
            assertEquals(List.of("192.0.2.7 EHLO c.test\r\n"), screen.passed());
            assertNull(screen.cache.find(FakeHost.ip("192.0.2.7")));
        }
    }

    @Test
    void calculatesScoresOverAllListsAndKeepsThemAsLongAsTheAnswers() {
        try (TestScreen screen = new TestScreen(
                        "postscreen_dnsbl_sites = one.test*2 two.test=127.0.0.[4..8]*3 good.test*-2",
                        "postscreen_dnsbl_threshold = 3",
                        "postscreen_dnsbl_action = enforce",
                        "postscreen_greet_banner =")
                .name("7.2.0.192.one.test", TestScreen.listed("127.0.0.2", 100))
                .name("8.2.0.192.one.test", TestScreen.listed("127.0.0.2", 100))
                .name("8.2.0.192.two.test", TestScreen.listed("127.0.0.5", 100))
                .name("9.2.0.192.one.test", TestScreen.listed("127.0.0.2", 200))
                .name("9.2.0.192.two.test", TestScreen.listed("127.0.0.5", 150))
                .name("9.2.0.192.good.test", TestScreen.listed("127.0.0.1", 100))
                .name("10.2.0.192.two.test", TestScreen.listed("127.0.0.9", 100))) {
            screen.connect("192.0.2.7");
            assertEquals(GREETING, screen.connect("192.0.2.8").heard());
            assertEquals(GREETING, screen.connect("192.0.2.9").heard());
            screen.connect("192.0.2.10");
            assertEquals(List.of("192.0.2.7", "192.0.2.10"), screen.passed());
            // Listed below the threshold: as long as it is listed; in none: as long as nobody has it.
            assertEquals(
                    EPOCH_SECONDS + 100,
                    screen.cache.find(FakeHost.ip("192.0.2.7")).dnsbl());
            assertEquals(
                    EPOCH_SECONDS + 300,
                    screen.cache.find(FakeHost.ip("192.0.2.10")).dnsbl());
            List<String> log = screen.log();
            assertTrue(log.contains("postscreen: DNSBL rank 5 for [192.0.2.8]:4711"), log::toString);
            assertTrue(log.contains("postscreen: DNSBL rank 3 for [192.0.2.9]:4711"), log::toString);
        }
    }

    @Test
    void judgesByWhatListsHaveSaidInTime() {
        try (TestScreen screen = new TestScreen(
                        "postscreen_dnsbl_sites = one.test",
                        "postscreen_dnsbl_action = drop",
                        "postscreen_dnsbl_min_ttl = 90s")
                .name("7.2.0.192.one.test", TestScreen.listed("127.0.0.2", 100))) {
            screen.holdAnswers();
            screen.connect("192.0.2.7");
            screen.pass(6_000);
            screen.answer();
            assertEquals(List.of("192.0.2.7"), screen.passed());
            assertEquals(
                    EPOCH_SECONDS + 6 + 90,
                    screen.cache.find(FakeHost.ip("192.0.2.7")).dnsbl());
            screen.pass(100_000);
            TestScreen.Client client = screen.connect("192.0.2.7");
            screen.pass(2_000);
            assertTrue(client.isOpen());
            // Nothing else is due, and so nothing else is waited for.
            screen.answer();
            assertEquals("521 5.7.1 Service unavailable; client [192.0.2.7] blocked using one.test|", client.heard());
            assertFalse(client.isOpen());
        }
    }

    @Test
    void sparesTheWaitToWhomListsKnowAsGood() {
        try (TestScreen screen = new TestScreen(
                        "postscreen_dnsbl_sites = good.test*-1", "postscreen_dnsbl_allowlist_threshold = -1")
                .name("7.2.0.192.good.test", TestScreen.listed("127.0.0.1", 3_000))) {
            screen.holdAnswers();
            screen.connect("192.0.2.7");
            screen.pass(500);
            assertEquals(List.of(), screen.passed());
            screen.answer();
            assertEquals(List.of("192.0.2.7"), screen.passed());
            TestTimes times = screen.cache.find(FakeHost.ip("192.0.2.7"));
            assertEquals(EPOCH_SECONDS + 3_000, times.dnsbl());
            assertEquals(times.dnsbl(), times.pregreet());
            assertEquals(times.dnsbl(), times.bareNewline());
        }
    }

    @Test
    void refusesWhoHasTooManyConnections() {
        try (TestScreen screen = new TestScreen("postscreen_client_connection_count_limit = 2")) {
            TestScreen.Client first = screen.connect("192.0.2.7");
            screen.connect("192.0.2.7");
            TestScreen.Client third = screen.connect("192.0.2.7");
            assertEquals("421 4.7.0 Error: too many connections|", third.heard());
            assertFalse(third.isOpen());
            first.close();
            assertEquals(TEASER, screen.connect("192.0.2.7").heard());
            assertEquals(TEASER, screen.connect("192.0.2.8").heard());
            assertTrue(screen.log()
                    .contains("postscreen: NOQUEUE: reject: CONNECT from [192.0.2.7]:4711: too many connections"));
        }
    }

    @Test
    void introducesAClientOnceWhoseConnectionsPassTogether() {
        try (TestScreen screen = new TestScreen()) {
            screen.connect("192.0.2.7");
            screen.connect("192.0.2.7");
            screen.pass(6_000);
            assertEquals(2, screen.passed().size());
            assertEquals(
                    List.of("postscreen: PASS NEW [192.0.2.7]:4711"),
                    screen.log().stream().filter(line -> line.contains(" NEW ")).toList());
        }
    }

    @Test
    void isInAHurryWithManyAndRefusesMore() {
        try (TestScreen screen = new TestScreen("postscreen_pre_queue_limit = 10", "postscreen_access_list =")) {
            List<TestScreen.Client> clients = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                clients.add(screen.connect("10.0.0." + i));
            }
            assertEquals(
                    "421 4.3.2 All screening ports are busy|", clients.get(9).heard());
            assertFalse(clients.get(9).isOpen());
            clients.get(0).close();
            screen.connect("10.0.0.11");
            screen.pass(2_000);
            // The one that came last has the time of stress.
            assertTrue(screen.passed().contains("10.0.0.11"));
            screen.pass(4_000);
            assertEquals(9, screen.passed().size());
            assertFalse(screen.load().isStressed());
            List<String> log = screen.log();
            assertTrue(log.contains("postscreen: entering STRESS mode with 9 connections"), log::toString);
            assertTrue(log.contains("postscreen: leaving STRESS mode with 7 connections"), log::toString);
            assertTrue(
                    log.contains("postscreen: reject: connect from [10.0.0.10]:4711: all screening ports busy"),
                    log::toString);
        }
    }

    @Test
    void keepsWhoHasPassedUntilThereIsASessionAndOnlySoMany() {
        try (TestScreen screen = new TestScreen(1, "postscreen_post_queue_limit = 5", "postscreen_greet_banner =")) {
            List<TestScreen.Client> clients = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                clients.add(screen.connect("192.0.2." + i));
            }
            assertEquals(List.of("192.0.2.1"), screen.passed());
            TestScreen.Client late = screen.connect("192.0.2.99");
            assertEquals("421 4.3.2 All server ports are busy|", late.heard());
            // Who goes while it waits leaves its place to another.
            clients.get(1).close();
            assertTrue(screen.connect("192.0.2.100").isOpen());
            clients.get(2).say("early");
            clients.get(0).close();
            assertEquals(List.of("192.0.2.1", "192.0.2.3 early"), screen.passed());
            assertEquals(4, screen.load().count());
        }
    }

    @Test
    void givesEachCommandItsTimeAnew() {
        try (TestScreen screen = new TestScreen("postscreen_greet_action = enforce")) {
            TestScreen.Client client = screen.connect("192.0.2.7").say("HELO c.test\n");
            client.heard();
            screen.pass(299_000);
            client.say("NOOP\n");
            screen.pass(299_000);
            client.say("NO");
            assertEquals("250 2.0.0 Ok|", client.heard());
            assertTrue(client.isOpen());
            screen.pass(1_000);
            assertEquals("421 4.4.2 mx.b.test Error: timeout exceeded|", client.heard());
            assertTrue(screen.log().contains("postscreen: COMMAND TIME LIMIT from [192.0.2.7]:4711 after NOOP"));
        }
    }

    @Test
    void cutsLinesOffThatDoNotEnd() {
        try (TestScreen screen = new TestScreen("postscreen_pipelining_enable = yes", "line_length_limit = 512")) {
            TestScreen.Client client = screen.connect("192.0.2.7");
            screen.pass(6_000);
            client.heard();
            client.say("NOOP " + "x".repeat(506)).say("x");
            assertEquals("", client.heard());
            client.say("x");
            assertEquals("421 mx.b.test Service unavailable - try again later|", client.heard());
            assertTrue(screen.log().contains("postscreen: COMMAND LENGTH LIMIT from [192.0.2.7]:4711 after CONNECT"));
        }
    }

    @Test
    void saysGoodbyeToWhomHangsUpAndForgetsIt() {
        try (TestScreen screen = new TestScreen()) {
            TestScreen.Client client = screen.connect("192.0.2.7");
            screen.pass(1_500);
            client.close();
            assertEquals(0, screen.load().count());
            assertNull(screen.cache.find(FakeHost.ip("192.0.2.7")));
            assertEquals(
                    List.of(
                            "postscreen: CONNECT from [192.0.2.7]:4711 to [192.0.2.1]:25",
                            "postscreen: HANGUP after 1.5 from [192.0.2.7]:4711 in tests before SMTP handshake",
                            "postscreen: DISCONNECT [192.0.2.7]:4711"),
                    screen.log());
        }
    }

    @Test
    void letsMyNetworksPassAtOnce() {
        try (TestScreen screen = new TestScreen("respectful_logging = no")) {
            screen.connect("10.1.2.3");
            assertEquals(List.of("10.1.2.3"), screen.passed());
            assertTrue(screen.log().contains("postscreen: WHITELISTED [10.1.2.3]:4711"));
        }
    }

    @Test
    void saysThatListsAreLate() {
        try (TestScreen screen = new TestScreen("postscreen_dnsbl_sites = one.test", "postscreen_dnsbl_timeout = 3s")) {
            screen.holdAnswers();
            screen.connect("192.0.2.7");
            screen.pass(4_000);
            screen.answer();
            screen.pass(2_000);
            assertEquals(List.of("192.0.2.7"), screen.passed());
            assertTrue(screen.log().contains("postscreen: warning: dnsblog reply timeout 3s for one.test"));
        }
    }

    @Test
    void runsWhatATableHasInThePlaceOfACommand() {
        try (TestScreen screen = new TestScreen(
                "postscreen_non_smtp_command_enable = yes",
                "postscreen_greet_banner =",
                "postscreen_command_filter = inline:{ {helo = EHLO c.test} }",
                "postscreen_discard_ehlo_keyword_address_maps = inline:{ {192.0.2.7 = chunking dsn smtputf8} }")) {
            TestScreen.Client client = screen.connect("192.0.2.7");
            screen.pass(6_000);
            client.heard();
            client.say(" HELO\n");
            assertEquals(
                    "250-mx.b.test|250-SIZE 10240000|250-VRFY|250-ETRN|250-ENHANCEDSTATUSCODES|250 8BITMIME|",
                    client.heard());
            client.say("BDAT 5 LAST\n");
            assertEquals("502 5.5.1 Error: command not implemented|", client.heard());
            assertEquals(
                    List.of(
                            "postscreen: [192.0.2.7]:4711: replacing command \" HELO\" with \"EHLO c.test\"",
                            "postscreen: [192.0.2.7]:4711: discarding EHLO keywords: DSN SMTPUTF8 CHUNKING"),
                    screen.log().subList(1, 3));
        }
    }

    @Test
    void takesNothingButStarttlsWhereTlsIsRequiredAndSaysWhenThereIsNone() {
        try (TestScreen screen = new TestScreen(
                "postscreen_non_smtp_command_enable = yes",
                "postscreen_greet_banner =",
                "postscreen_enforce_tls = yes")) {
            TestScreen.Client client = screen.connect("192.0.2.7");
            screen.pass(6_000);
            client.heard();
            client.say("EHLO c.test\n");
            String offer = client.heard();
            assertTrue(offer.contains("250-STARTTLS|"), offer);
            for (String command : List.of("MAIL FROM:<a@a.test>", "RCPT TO:<b@b.test>", "RSET", "VRFY b", "DATA")) {
                client.say(command + "\n");
                assertEquals("530 5.7.0 Must issue a STARTTLS command first|", client.heard());
            }
            client.say("NOOP\nAUTH PLAIN\nSTARTTLS now\nSTARTTLS\n");
            assertEquals(
                    "250 2.0.0 Ok|502 5.5.2 Error: command not recognized|501 Syntax: EHLO hostname|"
                            + "454 4.7.0 TLS not available due to local problem|",
                    client.heard());
            assertTrue(client.isOpen());
        }
    }
}
