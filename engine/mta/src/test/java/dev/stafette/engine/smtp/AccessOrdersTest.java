// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.storage.format.BodyRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What access tables want done with a message and its session, and when each list is looked at. */
class AccessOrdersTest {
    private static final String MAIL = "MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n";
    private static final String TEXT = "Subject: x\r\n\r\nx\r\n.\r\n";

    private final KeptQueue queue = new KeptQueue();
    private List<String> logged = List.of();

    /** What the server says to these commands, its first two replies aside; each is sent when the one before is answered. */
    private List<String> converse(List<String> mainCf, String... commands) {
        List<String> lines = new ArrayList<>(mainCf);
        lines.add("smtpd_forbid_unauth_pipelining = no");
        try (TestClient client = new TestClient(queue, "10.0.0.1", lines).connect()) {
            List<String> said = new ArrayList<>(List.of(client.received()));
            client.send("EHLO c.test\r\n");
            said.add(client.received());
            for (String command : commands) {
                client.send(command);
                said.add(client.received());
            }
            client.send("QUIT\r\n");
            client.received();
            logged = client.logLines();
            return said;
        }
    }

    private String last(List<String> said) {
        return said.get(said.size() - 1);
    }

    private List<String> linesWith(String word) {
        return logged.stream().filter(line -> line.contains(word)).toList();
    }

    private static String sender(String value) {
        return "smtpd_sender_restrictions = check_sender_access inline:{{s@a.test = " + value + "}}";
    }

    private @Nullable String filterAfter(String... mainCf) {
        assertTrue(last(converse(List.of(mainCf), MAIL, TEXT)).startsWith("250 2.0.0 Ok: queued"));
        List<KeptQueue.Kept> all = queue.messages();
        return all.get(all.size() - 1).envelope().contentFilter();
    }

    @Test
    void sendsAMessageToAFilterFirst() {
        assertNull(filterAfter());
        assertEquals("scan:[127.0.0.1]:10024", filterAfter("content_filter = scan:[127.0.0.1]:10024"));
        assertEquals("smtp:x", filterAfter("content_filter = scan:", sender("FILTER smtp:x")));
        assertEquals("scan:", filterAfter("content_filter = scan:", sender("FILTER nothing")));
        assertNull(filterAfter("content_filter = scan:", sender("REDIRECT r@x.test")));
        assertEquals(
                "smtp:y",
                filterAfter(
                        sender("FILTER smtp:x"),
                        "smtpd_end_of_data_restrictions = check_sender_access inline:{{s@a.test = FILTER smtp:y}}"));
    }

    @Test
    void holdsAMessage() {
        assertTrue(
                last(converse(List.of(sender("HOLD for a look")), MAIL, TEXT)).startsWith("250 2.0.0 Ok: queued"));
        assertEquals(BodyRef.HELD, queue.messages().get(0).bodyFlags() & BodyRef.HELD);
        assertEquals(
                List.of("smtpd: NOQUEUE: hold: RCPT from unknown[10.0.0.1]: <s@a.test>: Sender address for a look; "
                        + "from=<s@a.test> to=<u@b.test> proto=ESMTP helo=<c.test>"),
                linesWith("hold:"));
    }

    @Test
    void discardsAMessageAndSaysNothingOfIt() {
        assertTrue(last(converse(List.of(sender("DISCARD")), MAIL, "RCPT TO:<who@knows.where>\r\n" + TEXT))
                .contains("250 2.0.0 Ok: queued as"));
        assertEquals(List.of(), queue.messages());
        assertEquals(
                List.of("smtpd: NOQUEUE: discard: RCPT from unknown[10.0.0.1]: <s@a.test>: Sender address triggers "
                        + "DISCARD action; from=<s@a.test> to=<u@b.test> proto=ESMTP helo=<c.test>"),
                linesWith("discard:"));
    }

    @Test
    void putsAFieldAboveOurs() {
        converse(List.of(sender("PREPEND X-Seen: yes")), MAIL, TEXT);
        assertTrue(queue.messages().get(0).content().startsWith("X-Seen: yes\r\nReceived: from"));
        assertEquals(List.of(), linesWith("prepend"));
    }

    /** The last one counts, and holds for all. */
    @Test
    void sendsAMessageSomewhereElse() {
        converse(
                List.of(sender("REDIRECT r@x.test")),
                "MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\nRCPT TO:<a@b.test>\r\nDATA\r\n",
                TEXT);
        assertEquals(
                "r@x.test",
                queue.messages().get(0).envelope().recipients().stream()
                        .map(one -> one.address().external())
                        .collect(Collectors.joining(",")));
        assertEquals(2, linesWith("redirect: RCPT").size());
    }

    @Test
    void addsARecipientOfWhomNobodyHears() {
        converse(List.of(sender("BCC r@x.test")), MAIL, TEXT);
        assertEquals(
                List.of("u@b.test", "r@x.test"),
                queue.messages().get(0).envelope().recipients().stream()
                        .map(one -> one.address().external())
                        .toList());
    }

    /** Those of a refused recipient count, as long as the message comes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        INFO look here  | info: RCPT from unknown[10.0.0.1]: look here; from=<s@a.test>
        WARN look here  | warn: RCPT from unknown[10.0.0.1]: look here; from=<s@a.test>
        FILTER smtp:x   | filter: RCPT from unknown[10.0.0.1]: <s@a.test>: Sender address triggers FILTER smtp:x; from=<s@a.test>
        FILTER smtp     | warning: access table inline:{{s@a.test = FILTER smtp}} entry "s@a.test" requires transport:destination
        BCC nobody      | warning: access table inline:{{s@a.test = BCC nobody}} entry "s@a.test" requires user@domain target
        """)
    void saysInTheLogWhatItDoes(String value, String line) {
        converse(List.of(sender(value)), MAIL, TEXT);
        assertEquals(1, queue.messages().size());
        assertEquals(1, linesWith(line).size(), () -> String.join("\n", logged));
    }

    @Test
    void judgesTheClientBeforeItsGreeting() {
        List<String> said = converse(
                List.of(
                        "smtpd_delay_reject = no",
                        "smtpd_client_restrictions = check_client_access inline:{10=REJECT}"),
                "NOOP\r\n");
        assertEquals(
                List.of(
                        "554 5.7.1 <unknown[10.0.0.1]>: Client host rejected: Access denied\r\n",
                        "503 5.7.0 Error: access denied for unknown[10.0.0.1]\r\n",
                        "503 5.7.0 Error: access denied for unknown[10.0.0.1]\r\n"),
                said);
        assertEquals(
                List.of("smtpd: NOQUEUE: reject: CONNECT from unknown[10.0.0.1]: 554 5.7.1 <unknown[10.0.0.1]>: "
                        + "Client host rejected: Access denied; proto=SMTP"),
                linesWith("reject:"));
    }

    @Test
    void judgesHelloAndSenderAtTheirCommands() {
        List<String> said = converse(
                List.of(
                        "smtpd_delay_reject = no",
                        "smtpd_helo_restrictions = check_helo_access inline:{c.test=REJECT}",
                        "smtpd_sender_restrictions = check_sender_access inline:{s@a.test=REJECT}"),
                "EHLO d.test\r\n",
                "MAIL FROM:<s@a.test>\r\n",
                "MAIL FROM:<t@a.test>\r\n");
        assertEquals("554 5.7.1 <c.test>: Helo command rejected: Access denied\r\n", said.get(1));
        assertTrue(said.get(2).startsWith("250-"));
        assertEquals("554 5.7.1 <s@a.test>: Sender address rejected: Access denied\r\n", said.get(3));
        assertEquals("250 2.1.0 Ok\r\n", said.get(4));
        assertEquals(
                List.of("smtpd: NOQUEUE: reject: EHLO from unknown[10.0.0.1]: 554 5.7.1 <c.test>: Helo command "
                        + "rejected: Access denied; proto=SMTP helo=<c.test>"),
                linesWith("reject: EHLO"));
    }

    /** What may have kept the client out is not forgotten at the next command. */
    @Test
    void carriesADeferralFromCommandToCommand() {
        List<String> said = converse(
                List.of("smtpd_delay_reject = no", "smtpd_helo_restrictions = defer_if_permit"),
                "MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\n");
        assertEquals(
                "250 2.1.0 Ok\r\n450 4.7.0 <c.test>: Helo command rejected: defer_if_permit requested\r\n", last(said));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        smtpd_data_restrictions = reject        | DATA\\r\\n      | 554 5.7.1 <DATA>: Data command rejected: Access denied
        smtpd_data_restrictions = reject        | BDAT 1 LAST\\r\\nx | 554 5.7.1 <DATA>: Data command rejected: Access denied
        smtpd_end_of_data_restrictions = reject | DATA\\r\\nx\\r\\n.\\r\\n | 354 End data with <CR><LF>.<CR><LF>;554 5.7.1 <END-OF-MESSAGE>: End-of-data rejected: Access denied
        smtpd_data_restrictions = check_recipient_access inline:{u@b.test=REJECT} | DATA\\r\\n | 554 5.7.1 <u@b.test>: Recipient address rejected: Access denied
        smtpd_data_restrictions = inline:{x=y}  | DATA\\r\\n | 451 4.3.5 Server configuration error
        """)
    void judgesTheContent(String list, String commands, String replies) {
        List<String> said = converse(
                List.of(list), "MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\n", commands.replace("\\r\\n", "\r\n"));
        assertEquals(replies.replace(";", "\r\n") + "\r\n", last(said));
        assertEquals(List.of(), queue.messages());
    }

    @Test
    void holdsAtTheEndOfTheContent() {
        converse(List.of("smtpd_end_of_data_restrictions = check_sender_access inline:{s@a.test=HOLD}"), MAIL, TEXT);
        assertEquals(BodyRef.HELD, queue.messages().get(0).bodyFlags() & BodyRef.HELD);
        assertEquals(1, linesWith(": hold: END-OF-MESSAGE from").size());
    }

    @Test
    void refusesABounceToMany() {
        List<String> said = converse(
                List.of("smtpd_data_restrictions = reject_multi_recipient_bounce"),
                "MAIL FROM:<>\r\nRCPT TO:<u@b.test>\r\nRCPT TO:<a@b.test>\r\n",
                "DATA\r\n");
        assertEquals("550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce\r\n", last(said));
    }

    @Test
    void refusesWhoDoesNotWait() {
        List<String> said = converse(List.of("smtpd_data_restrictions = reject_unauth_pipelining"), MAIL + TEXT);
        assertEquals(
                "503 5.5.0 <DATA>: Data command rejected: Improper use of SMTP command pipelining",
                last(said).split("\r\n")[2]);
    }

    /** As Postfix 3.7 logs it; a permission that {@code defer_if_permit} overrules is none. */
    @Test
    void tellsWhoHasPermittedWhereThatIsWanted() {
        String tail = "from=<s@a.test> to=<u@b.test> proto=ESMTP helo=<c.test>";
        String head = "smtpd: NOQUEUE: permit: RCPT from unknown[10.0.0.1]: action=";
        converse(
                List.of(
                        "smtpd_log_access_permit_actions = ok, permit",
                        "smtpd_helo_restrictions = permit",
                        sender("OK"),
                        "smtpd_recipient_restrictions = permit_auth_destination, reject"),
                MAIL,
                TEXT);
        assertEquals(
                List.of(
                        head + "permit for Helo command=c.test ; " + tail,
                        head + "OK for Sender address=s@a.test from inline:{{s@a.test = OK}}; " + tail),
                linesWith("permit:"));
        converse(
                List.of(
                        "smtpd_log_access_permit_actions = static:all",
                        "smtpd_relay_restrictions = defer_if_permit, permit_mynetworks, reject"),
                MAIL,
                "");
        assertEquals(List.of(), linesWith("permit:"));
    }
}
