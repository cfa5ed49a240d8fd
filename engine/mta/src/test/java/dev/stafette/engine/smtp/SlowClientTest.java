// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions that take their time, and sessions that are made to wait, while time is told to pass. */
class SlowClientTest {
    private static final String TIMEOUT = "421 4.4.2 mx.b.test Error: timeout exceeded\r\n";

    private final KeptQueue queue = new KeptQueue();

    private TestClient data(String... mainCfLines) {
        TestClient client = new TestClient(queue, "192.0.2.7", List.of(mainCfLines));
        client.connect();
        client.send("EHLO c.test\r\n");
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        assertTrue(client.received().contains("354 "));
        return client;
    }

    private static SessionLimits stressed() {
        return TestHost.service(List.of()).stressed().limits();
    }

    @Test
    void hurriesWhenItsServiceComesUnderStress() {
        try (TestClient client = data()) {
            for (int i = 0; i < 10; i++) {
                client.pass(20_000);
                client.send("x");
            }
            assertEquals("", client.received());
            client.loop().hurry("smtp", stressed());
            client.pass(5_000);
            client.send("x");
            assertEquals("", client.received());
            client.pass(6_500);
            assertEquals(TIMEOUT, client.received());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void staysAtEaseWhenItIsAnotherServiceThatComesUnderStress() {
        try (TestClient client = data()) {
            client.loop().hurry("submission", stressed());
            client.pass(200_000);
            assertEquals("", client.received());
            assertFalse(client.isClosed());
        }
    }

    /** Its one error so far was none too many when it was made. */
    @Test
    void isNotPunishedForErrorsOfBefore() {
        TestClient client = new TestClient(queue, "192.0.2.7", List.of());
        try (client) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.send("NONSENSE\r\n");
            client.loop().hurry("smtp", stressed());
            client.send("NONSENSE\r\n");
            client.send("MAIL FROM:<a@a.test>\r\n");
            assertTrue(client.received().endsWith("250 2.1.0 Ok\r\n"));
        }
    }

    @Test
    void doesNotPayForADiskThatTakesNoMore() {
        queue.holds = true;
        try (TestClient client = data("stress = yes")) {
            byte[] block = ("x".repeat(62) + "\r\n").repeat(1024).getBytes();
            int sent = 0;
            while (client.channel().config().isAutoRead()) {
                client.send(Unpooled.copiedBuffer(block));
                sent += block.length;
                assertTrue(sent < 2 << 20, "reads on for ever");
            }
            client.pass(60_000);
            assertEquals("", client.received());
            queue.holds = false;
            queue.commit();
            client.run();
            client.pass(8_000);
            client.send(".\r\n");
            assertTrue(client.received().startsWith("250 2.0.0 Ok: queued as "));
        }
    }
}
