// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions whose lists are in tables: some answer at once, some have to be waited for, some do not answer. */
class LookupTest {
    private static final String EHLO = "EHLO c.test\r\n";

    private final KeptQueue queue = new KeptQueue();
    private final FakeTables tables = new FakeTables()
            .table("ldap:d", "b.test")
            .table("hash:c", "192.0.2.7")
            .table("ldap:c")
            .table("ldap:u", "u")
            .slow("ldap:d")
            .slow("ldap:c")
            .slow("ldap:u");
    private TestClient client;

    private void open(String... mainCfLines) {
        List<String> lines = new ArrayList<>(List.of("local_recipient_maps ="));
        lines.addAll(List.of(mainCfLines));
        SmtpServerSettings settings = TestHost.settings(lines, tables);
        client = new TestClient(queue, "192.0.2.7", settings);
        client.connect();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void answerLookups() {
        for (Runnable next = tables.lookups.poll(); next != null; next = tables.lookups.poll()) {
            next.run();
            client.run();
        }
    }

    private String sayHello() {
        client.send(EHLO);
        String said = client.received();
        return said.substring(said.indexOf("CHUNKING"));
    }

    @Test
    void keepsTheOrderOfRepliesWhileItAsks() {
        open("mydestination = ldap:d", "relay_domains =", "local_recipient_maps = ldap:u");
        sayHello();
        client.send(
                "MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nRCPT TO:<x@b.test>\r\nRCPT TO:<u@c.test>\r\nNOOP\r\n");
        assertEquals("250 2.1.0 Ok\r\n", client.received());
        assertEquals(1, tables.lookups.size());
        answerLookups();
        assertEquals(
                "250 2.1.5 Ok\r\n"
                        + "550 5.1.1 <x@b.test>: Recipient address rejected: User unknown in local recipient table\r\n"
                        + "454 4.7.1 <u@c.test>: Relay access denied\r\n"
                        + "250 2.0.0 Ok\r\n",
                client.received());
        client.send("DATA\r\n");
        client.send("x\r\n.\r\n");
        assertTrue(client.received().contains("250 2.0.0 Ok: queued as"));
        assertEquals(1, queue.messages().size());
        assertEquals(1, queue.messages().get(0).envelope().recipients().size());
    }

    @Test
    void greetsWhenItKnowsWhoTheClientIs() {
        open("mynetworks = ldap:c");
        assertEquals("", client.received());
        answerLookups();
        assertTrue(client.received().startsWith("220 "));
    }

    @Test
    void outlivesAClientThatDoesNotWait() {
        open("mydestination = ldap:d");
        sayHello();
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\n");
        client.disconnect();
        answerLookups();
        List<String> log = client.logLines();
        assertEquals(
                "smtpd: disconnect from unknown[192.0.2.7] ehlo=1 mail=1 rcpt=0/1 commands=2/3",
                log.get(log.size() - 1));
    }

    @Test
    void saysGoodbyeToAClientThatWaits() {
        open("mydestination = ldap:d");
        sayHello();
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\n");
        client.received();
        client.loop().close(new CountDownLatch(1));
        client.run();
        assertTrue(client.received().startsWith("421 4.3.2 "));
        answerLookups();
        assertEquals("", client.received());
    }

    @Test
    void refusesForNowWhatATableDoesNotTell() {
        open("mydestination = mute:x", "local_recipient_maps =");
        sayHello();
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nVRFY u@b.test\r\n");
        assertEquals(
                "250 2.1.0 Ok\r\n"
                        + "451 4.3.0 <u@b.test>: Temporary lookup failure\r\n"
                        + "451 4.3.0 <u@b.test>: Temporary lookup failure\r\n",
                client.received());
        tables.mute("mute:x", false);
        client.send("RCPT TO:<u@relay.test>\r\n");
        assertEquals("250 2.1.5 Ok\r\n", client.received());
    }

    /** The list of those who may relay is back before the client is gone. */
    @Test
    void asksAgainWhetherAClientMayRelay() {
        tables.mute("hash:c", true);
        open("mynetworks = hash:c");
        sayHello();
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<x@x.test>\r\n");
        assertEquals("250 2.1.0 Ok\r\n451 4.3.0 <x@x.test>: Temporary lookup failure\r\n", client.received());
        tables.mute("hash:c", false);
        client.send("RCPT TO:<x@x.test>\r\n");
        assertEquals("250 2.1.5 Ok\r\n", client.received());
    }

    /** Its addresses would get our domain, or would not: that is not for us to guess. */
    @Test
    void takesNoMailWhoseHeaderItMayHaveToComplete() {
        tables.mute("hash:c", true);
        open("mynetworks = hash:c", "local_header_rewrite_clients = permit_mynetworks");
        sayHello();
        client.send("MAIL FROM:<a@a.test>\r\n");
        assertEquals("451 4.3.0 <a@a.test>: Temporary lookup failure\r\n", client.received());
        tables.mute("hash:c", false);
        client.send("MAIL FROM:<a@a.test>\r\n");
        assertEquals("250 2.1.0 Ok\r\n", client.received());
    }
}
