// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.storage.format.BodyRef;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which messages with SMTPUTF8 a server without it may have all the same, as from Postfix: those whose header is ASCII. */
class Utf8HeaderTest {
    private static final String HIGH = "\u00c3\u00a4";

    @ParameterizedTest
    @CsvSource({
        "' SMTPUTF8', x, x, " + BodyRef.ASCII_HEADER,
        "' SMTPUTF8', x, HIGH, " + (BodyRef.EIGHT_BIT | BodyRef.ASCII_HEADER),
        "' SMTPUTF8', HIGH, x, " + BodyRef.EIGHT_BIT,
        "' SMTPUTF8', HIGH, HIGH, " + BodyRef.EIGHT_BIT,
        "'', x, HIGH, " + BodyRef.EIGHT_BIT
    })
    void notesWhetherTheHeaderIsAscii(String parameter, String subject, String body, int flags) {
        KeptQueue queue = new KeptQueue();
        TestClient client = new TestClient(queue, "192.0.2.7", List.of());
        client.connect();
        client.send("EHLO c.test\r\n");
        client.send("MAIL FROM:<s@a.test>" + parameter + "\r\n");
        client.send("RCPT TO:<u@b.test>\r\nDATA\r\n");
        String content = "Subject: " + subject + "\r\n\r\n" + body + "\r\n.\r\n";
        client.send(content.replace("HIGH", HIGH));
        client.close();
        assertEquals(flags, queue.messages().get(0).bodyFlags());
    }
}
