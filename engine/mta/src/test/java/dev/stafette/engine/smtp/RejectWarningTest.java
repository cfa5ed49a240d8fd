// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.intake.KeptQueue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code warn_if_reject} lets through, and what the log says of it. */
class RejectWarningTest {
    @Test
    void saysInTheLogWhatWouldHaveBeenRefused() {
        TestClient client = new TestClient(
                        new KeptQueue(),
                        "10.0.0.1",
                        List.of(
                                "smtpd_relay_restrictions = warn_if_reject reject_unauth_destination, permit_mynetworks, reject",
                                "smtpd_client_port_logging = no"))
                .connect();
        client.send("EHLO c.test\r\n");
        client.received();
        client.send("MAIL FROM:<s@a.test>\r\nRCPT TO:<u@x.test>\r\nRCPT TO:<u@b.test>\r\n");
        assertEquals("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n", client.received());
        client.close();
        assertEquals(
                List.of("smtpd: NOQUEUE: reject_warning: RCPT from unknown[10.0.0.1]: 554 5.7.1 <u@x.test>: "
                        + "Relay access denied; from=<s@a.test> to=<u@x.test> proto=ESMTP helo=<c.test>"),
                client.logLines().stream()
                        .filter(line -> line.contains("reject"))
                        .toList());
    }
}
