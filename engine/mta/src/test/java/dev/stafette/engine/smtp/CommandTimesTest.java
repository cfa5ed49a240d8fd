// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.metrics.Stage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a command to its reply: what a client waits for. */
class CommandTimesTest {
    private final KeptQueue queue = new KeptQueue();
    private final TestClient client = new TestClient(queue, "192.0.2.7", List.of());

    @BeforeEach
    void greet() {
        client.connect();
        client.send("EHLO c.test\r\n");
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void assertCounts(long mail, long rcpt, long data, long endOfData) {
        assertEquals(mail, count(Stage.MAIL), "mail");
        assertEquals(rcpt, count(Stage.RCPT), "rcpt");
        assertEquals(data, count(Stage.DATA), "data");
        assertEquals(endOfData, count(Stage.END_OF_DATA), "end of data");
    }

    private long count(Stage stage) {
        return client.metrics().histogram(stage).getTotalCount();
    }

    @Test
    void timesEachCommandOnce() {
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nRCPT TO:<nope@b.test>\r\nDATA\r\n");
        assertCounts(1, 2, 1, 0);
        client.send("x\r\n.\r\n");
        client.run();
        assertCounts(1, 2, 1, 1);
        client.send("MAIL FROM:<a@a.test>\r\nDATA\r\n");
        client.run();
        assertCounts(2, 2, 2, 1);
    }

    @Test
    void timesChunksByTheirLastOne() {
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nBDAT 3\r\nabcBDAT 3 LAST\r\ndef");
        client.run();
        assertCounts(1, 1, 0, 1);
    }

    @Test
    void countsWhatTheDiskTakesToTheEndOfTheContent() {
        queue.holds = true;
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        client.pass(5000);
        client.send("x\r\n.\r\n");
        client.pass(1000);
        queue.commit();
        client.run();
        assertEquals(1_000_000, client.metrics().histogram(Stage.END_OF_DATA).getMaxValue(), 1000);
        assertEquals(1, client.metrics().histogram(Stage.DATA).getMaxValue());
    }
}
