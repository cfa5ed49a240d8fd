// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where clients went away, as programs look for it in the log that keep such clients out. */
class LostConnectionTest {
    private final TestClient client = new TestClient(new KeptQueue(), "192.0.2.7", List.of());

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "'BDAT 3', BDAT",
        "'MAIL FROM:<a@a.test>', MAIL",
        "'MAIL FROM:<a@a.test>|RCPT TO:<u@b.test>|DATA|12345', DATA (7 bytes)",
        "'MAIL FROM:<a@a.test>|RCPT TO:<u@b.test>|BDAT 9|12345', BDAT (7 bytes)"
    })
    void tellsOfBytesWhereContentHasCome(String commands, String where) {
        client.connect();
        client.send("EHLO c.test\r\n");
        for (String command : commands.split("\\|")) {
            client.send(command + "\r\n");
        }
        client.disconnect();
        List<String> lines = client.logLines();
        assertTrue(
                lines.contains("smtpd: lost connection after " + where + " from unknown[192.0.2.7]"), lines::toString);
    }
}
