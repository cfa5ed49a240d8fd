// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 1985, as Debian's Postfix answers it. */
class EtrnTest {
    private final KeptQueue queue = new KeptQueue();
    private final FakeTables tables =
            new FakeTables().table("ldap:f", "slow.test").slow("ldap:f");
    private TestClient client;

    private void open(String... mainCfLines) {
        List<String> lines = new ArrayList<>(List.of("local_recipient_maps ="));
        lines.addAll(List.of(mainCfLines));
        client = new TestClient(queue, "192.0.2.7", TestHost.settings(lines, tables));
        client.connect();
        client.received();
    }

    private String answer(String command) {
        client.send(command + "\r\n");
        return client.received().strip();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ETRN relay.test       | 250 Queuing started                        | relay.test
        ETRN RELAY.test       | 250 Queuing started                        | relay.test
        ETRN x.relay.test     | 250 Queuing started                        | x.relay.test
        ETRN @relay.test      | 250 Queuing started                        | relay.test
        ETRN #relay.test      | 250 Queuing started                        | relay.test
        ETRN nope.test        | 459 <nope.test>: service unavailable       | ''
        ETRN [127.0.0.1]      | 459 <[127.0.0.1]>: service unavailable     | ''
        ETRN                  | 500 Syntax: ETRN domain                    | ''
        ETRN a b              | 500 Syntax: ETRN domain                    | ''
        ETRN a..b             | 501 Error: invalid parameter syntax        | ''
        """)
    void makesDueWhatWaitsForADomainOfTheList(String command, String reply, String flushed) {
        open("relay_domains = relay.test");
        assertEquals(reply, answer(command));
        assertEquals(flushed, String.join(",", queue.flushed));
    }

    @Test
    void isOfferedUnlessItIsHidden() {
        open();
        assertTrue(answer("EHLO c.test").contains("250-ETRN\r\n"));
        close();
        open("smtpd_discard_ehlo_keywords = etrn");
        assertTrue(!answer("EHLO c.test").contains("ETRN"));
    }

    @Test
    void saysSoWhenTheQueueHasNoTime() {
        open("fast_flush_domains = relay.test");
        queue.isFull = true;
        assertEquals("458 Unable to queue messages", answer("ETRN relay.test"));
    }

    @Test
    void refusesItWithinATransaction() {
        open("fast_flush_domains = relay.test");
        answer("EHLO c.test");
        answer("MAIL FROM:<>");
        assertEquals("503 Error: MAIL transaction in progress", answer("ETRN relay.test"));
        assertEquals(List.of(), queue.flushed);
    }

    @Test
    void waitsForASlowListAndGivesUpOnOneThatDoesNotAnswer() {
        open("fast_flush_domains = ldap:f mute:x");
        assertEquals("", answer("ETRN slow.test"));
        tables.lookups.remove().run();
        client.run();
        assertEquals("250 Queuing started", client.received().strip());
        tables.table("ldap:f");
        answer("ETRN other.test");
        while (!tables.lookups.isEmpty()) {
            tables.lookups.remove().run();
            client.run();
        }
        assertEquals("458 Unable to queue messages", client.received().strip());
        assertEquals(List.of("slow.test"), queue.flushed);
    }
}
