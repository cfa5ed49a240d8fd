// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.auth.AuthReply;
import dev.stafette.engine.auth.AuthRequest;
import dev.stafette.engine.auth.FakeAuthServer;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** AUTH, with a server of logins that says what it is told to say. */
@Timeout(60)
class AuthTest {
    private static final String REPLY_535 = "535 5.7.8 Error: authentication failed: ";
    private static final String SUCCESS = "235 2.7.0 Authentication successful\r\n";
    private static final AuthReply REJECTED = new AuthReply.Rejected("", "joe", false);

    private final FakeAuthServer server = new FakeAuthServer();
    private final KeptQueue queue = new KeptQueue();
    private TestClient client = connect();

    private TestClient connect(String... mainCf) {
        List<String> lines = new ArrayList<>(List.of("smtpd_sasl_auth_enable = yes"));
        lines.addAll(List.of(mainCf));
        TestClient made = new TestClient(queue, "192.0.2.7", TestLogins.by(server, TestHost.settings(lines)));
        made.connect();
        made.received();
        return made;
    }

    private void connectAnew(String... mainCf) {
        client.close();
        client = connect(mainCf);
    }

    private String ask(String line) {
        client.send(line + "\r\n");
        return client.received();
    }

    private void says(AuthReply... replies) {
        server.replies.addAll(List.of(replies));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void offersWhatTheServerHasAndTheOptionsAdmit() {
        assertTrue(
                ask("EHLO c.test").contains("250-ETRN\r\n250-AUTH PLAIN SCRAM-SHA-256\r\n250-ENHANCEDSTATUSCODES\r\n"));
        connectAnew(
                "smtpd_sasl_security_options = noplaintext, mutual_auth",
                "broken_sasl_auth_clients = yes",
                "smtpd_authorized_xclient_hosts = 192.0.2.7");
        assertTrue(ask("EHLO c.test")
                .contains("250-ETRN\r\n250-AUTH SCRAM-SHA-256\r\n250-AUTH=SCRAM-SHA-256\r\n250-XCLIENT "));
        connectAnew("smtpd_sasl_mechanism_filter = !plain, static:rest", "smtpd_sasl_security_options =");
        assertTrue(ask("EHLO c.test").contains("250-AUTH SCRAM-SHA-256 ANONYMOUS EXTERNAL\r\n"));
        for (String hidden : List.of(
                "smtpd_sasl_exceptions_networks = 192.0.2.0/24",
                "smtpd_discard_ehlo_keywords = auth",
                "smtpd_tls_auth_only = yes")) {
            connectAnew(hidden);
            assertFalse(ask("EHLO c.test").contains("AUTH"), hidden);
        }
        assertEquals("503 5.5.1 Error: authentication not enabled\r\n", ask("AUTH PLAIN AAAA"));
        assertFalse(ask("HELO c.test").contains("AUTH"));
    }

    @Test
    void isAcceptedWithAnInitialResponseAndOnce() {
        says(new AuthReply.Accepted("joe"));
        assertEquals(SUCCESS, ask("AUTH plain AGpvZQBzZWNyZXQ="));
        assertEquals(
                List.of(new AuthRequest("plain", "AGpvZQBzZWNyZXQ=", "smtp", "", "192.0.2.7", false, null)),
                server.requests);
        assertEquals("503 5.5.1 Error: already authenticated\r\n", ask("AUTH plain AGpvZQBzZWNyZXQ="));
    }

    @Test
    void goesOnUntilTheServerHasEnough() {
        says(new AuthReply.Challenge(""), new AuthReply.Challenge("eA=="), new AuthReply.Accepted("joe"));
        assertEquals("334 \r\n", ask("AUTH SCRAM-SHA-256"));
        assertEquals("334 eA==\r\n", ask(""));
        assertEquals(SUCCESS, ask("QUJD"));
        assertEquals(List.of("", "QUJD"), server.responses);
    }

    @Test
    void refusesWhatIsNoLoginAndSaysWhyInTheLog() {
        connectAnew("smtpd_soft_error_limit = 100", "smtpd_hard_error_limit = 100");
        says(REJECTED);
        assertEquals(REPLY_535 + "(reason unavailable)\r\n", ask("AUTH PLAIN AAAA"));
        says(new AuthReply.Rejected("Password\texpired", "", false));
        // No control character of a server goes into a reply.
        assertEquals(REPLY_535 + "Password expired\r\n", ask("AUTH PLAIN AAAA"));
        says(new AuthReply.Rejected("down", "", true));
        assertEquals("454 4.7.0 Temporary authentication failure: down\r\n", ask("AUTH PLAIN AAAA"));
        assertEquals(REPLY_535 + "Invalid authentication mechanism\r\n", ask("AUTH ANONYMOUS AAAA"));
        for (String bad : List.of("!!", "AA", "A===", "AAA=AAAA", "*")) {
            assertEquals(REPLY_535 + "Invalid base64 data in initial response\r\n", ask("AUTH PLAIN " + bad), bad);
        }
        assertEquals("501 5.5.4 Syntax: AUTH mechanism\r\n", ask("AUTH"));
        assertEquals("501 5.5.4 Syntax: AUTH mechanism\r\n", ask("AUTH PLAIN AAAA AAAA"));
        says(REJECTED);
        assertEquals(REPLY_535 + "(reason unavailable)\r\n", ask("AUTH PLAIN ="));
        client.close();
        List<String> warnings =
                client.logLines().stream().filter(line -> line.contains("SASL")).toList();
        assertEquals(
                "smtpd: warning: unknown[192.0.2.7]: SASL PLAIN authentication failed: (reason unavailable), "
                        + "sasl_username=joe",
                warnings.get(0));
        assertEquals(
                "smtpd: warning: unknown[192.0.2.7]: SASL ANONYMOUS authentication failed: "
                        + "Invalid authentication mechanism, sasl_username=(unavailable)",
                warnings.get(3));
        assertEquals(10, warnings.size());
    }

    @Test
    void endsWhereTheClientWantsItToOrTheResponseIsNone() {
        says(new AuthReply.Challenge(""), new AuthReply.Challenge(""), new AuthReply.Challenge(""));
        ask("AUTH PLAIN");
        assertEquals("501 5.7.0 Authentication aborted\r\n", ask("*"));
        ask("AUTH PLAIN");
        assertEquals(REPLY_535 + "Invalid base64 data in continued response\r\n", ask("="));
        ask("AUTH PLAIN");
        assertEquals("500 5.5.6 SASL response limit exceeded\r\n", ask("A".repeat(12_289)));
        assertEquals(3, server.abandonedCount);
        assertEquals(List.of(), server.responses);
        assertEquals("250 2.0.0 Ok\r\n", ask("NOOP"));
        client.close();
        assertTrue(client.logLines().contains("smtpd: warning: unknown[192.0.2.7]: SASL PLAIN authentication aborted"));
    }

    @Test
    void takesAResponseOfTheLimit() {
        connectAnew("smtpd_sasl_response_limit = 12288");
        says(new AuthReply.Challenge(""), new AuthReply.Accepted("joe"));
        ask("AUTH PLAIN");
        assertEquals(SUCCESS, ask("A".repeat(12288)));
    }

    @Test
    void isForTheTimeOutsideOfTransactions() {
        ask("EHLO c.test");
        ask("MAIL FROM:<a@a.test>");
        assertEquals("503 5.5.1 Error: MAIL transaction in progress\r\n", ask("AUTH PLAIN AAAA"));
    }

    @Test
    void saysForWhomAMessageCame() {
        connectAnew(
                "smtpd_sasl_authenticated_header = yes",
                "local_header_rewrite_clients = permit_sasl_authenticated",
                "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination");
        ask("EHLO c.test");
        ask("MAIL FROM:<a@a.test>");
        assertEquals("554 5.7.1 <x@y.test>: Relay access denied\r\n", ask("RCPT TO:<x@y.test>"));
        ask("RSET");
        says(new AuthReply.Accepted("j(o)e"));
        assertEquals(SUCCESS, ask("AUTH PLAIN AAAA"));
        assertEquals("250 2.1.0 Ok\r\n", ask("MAIL FROM:<a@a.test> AUTH=e+3Dmc2@a.test"));
        assertEquals("250 2.1.5 Ok\r\n", ask("RCPT TO:<x@y.test>"));
        ask("DATA");
        assertTrue(ask("Subject: x\r\n\r\nx\r\n.").startsWith("250 2.0.0 Ok"));
        String content = queue.messages().get(0).content();
        assertTrue(content.contains("(Authenticated sender: j?o?e)"), content);
        assertTrue(content.contains("with ESMTPA id "), content);
        assertTrue(content.contains("Message-Id: <"), content);
        client.close();
        assertTrue(client.logLines().stream()
                .anyMatch(line -> line.endsWith("client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=j(o)e, "
                        + "sasl_sender=e+3Dmc2@a.test")));
    }

    @Test
    void believesXclient() {
        connectAnew(
                "smtpd_authorized_xclient_hosts = 192.0.2.7",
                "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination");
        ask("XCLIENT LOGIN=bob");
        ask("EHLO c.test");
        ask("MAIL FROM:<a@a.test>");
        assertEquals("250 2.1.5 Ok\r\n", ask("RCPT TO:<x@y.test>"));
        ask("RSET");
        ask("XCLIENT LOGIN=[UNAVAILABLE]");
        ask("MAIL FROM:<a@a.test>");
        assertEquals("554 5.7.1 <x@y.test>: Relay access denied\r\n", ask("RCPT TO:<x@y.test>"));
    }

    @Test
    void limitsHowOftenAClientTries() {
        connectAnew("smtpd_client_auth_rate_limit = 1");
        says(REJECTED, REJECTED);
        assertEquals(REPLY_535 + "(reason unavailable)\r\n", ask("AUTH PLAIN AAAA"));
        assertEquals("450 4.7.1 Error: too many AUTH commands from 192.0.2.7\r\n", ask("AUTH PLAIN AAAA"));
        client.close();
        assertTrue(client.logLines()
                .contains("smtpd: warning: AUTH command rate limit exceeded: 2 from unknown[192.0.2.7] for"
                        + " service smtp"));
    }

    @Test
    void makesThoseWaitWhoFail() {
        connectAnew("smtpd_soft_error_limit = 1", "smtpd_error_sleep_time = 5s");
        says(REJECTED, REJECTED);
        assertEquals(REPLY_535 + "(reason unavailable)\r\n", ask("AUTH PLAIN AAAA"));
        assertEquals("", ask("AUTH PLAIN AAAA"));
        client.pass(4_900);
        assertEquals("", client.received());
        client.pass(200);
        assertEquals(REPLY_535 + "(reason unavailable)\r\n", client.received());
    }

    @Test
    void forgetsAClientThatGoesBeforeItsEnd() {
        says(new AuthReply.Challenge(""));
        ask("AUTH PLAIN");
        client.disconnect();
        assertEquals(1, server.abandonedCount);
        connectAnew();
        // The server does not answer.
        assertEquals("", ask("AUTH PLAIN AAAA"));
        client.disconnect();
        assertEquals(2, server.abandonedCount);
        List<String> lines = client.logLines();
        assertTrue(lines.contains("smtpd: lost connection after AUTH from unknown[192.0.2.7]"), lines::toString);
    }

    @Test
    void saysGoodbyeToAClientThatDoesNotAnswer() {
        connectAnew("smtpd_timeout = 10s");
        says(new AuthReply.Challenge(""));
        ask("AUTH PLAIN");
        client.pass(12_000);
        assertEquals("421 4.4.2 mx.b.test Error: timeout exceeded\r\n", client.received());
        List<String> lines = client.logLines();
        assertTrue(lines.contains("smtpd: timeout after AUTH from unknown[192.0.2.7]"), lines::toString);
        assertTrue(lines.contains("smtpd: disconnect from unknown[192.0.2.7] auth=0/1 commands=0/1"), lines::toString);
    }
}
