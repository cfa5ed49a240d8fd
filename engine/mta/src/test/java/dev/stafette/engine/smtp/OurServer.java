// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;

/** Our side of a comparison: the machine of {@link TestHost}, for a client that may relay. */
final class OurServer {
    /**
     * @param setting one line of main.cf, {@code name=value}; empty for none
     */
    record Mode(String setting) {}

    static final Mode LENIENT = new Mode("");
    static final Mode STRICT = new Mode("strict_rfc821_envelopes=yes");
    static final Mode WITHOUT_UTF8 = new Mode("smtputf8_enable=no");
    static final Mode HELLO_REQUIRED = new Mode("smtpd_helo_required=yes");

    static final List<Mode> MODES = List.of(LENIENT, STRICT, WITHOUT_UTF8, HELLO_REQUIRED);

    private static final List<String> MAIN_CF = List.of(
            "mydomain = b.test",
            "local_recipient_maps =",
            "smtpd_soft_error_limit = 1000000",
            "smtpd_hard_error_limit = 1000000",
            "smtpd_junk_command_limit = 1000000",
            "smtpd_recipient_limit = 1000000");

    private OurServer() {}

    static List<String> mainCf(Mode mode) {
        List<String> lines = new ArrayList<>(MAIN_CF);
        if (!mode.setting().isEmpty()) {
            lines.add(mode.setting().replace("=", " = "));
        }
        return lines;
    }

    private static TestClient connect(Mode mode, KeptQueue queue) {
        TestClient client = new TestClient(queue, "10.0.0.1", mainCf(mode)).connect();
        client.send("EHLO c.test\r\n");
        client.received();
        return client;
    }

    /** The replies to these lines, one by one. */
    static List<String> ask(Mode mode, List<String> lines) {
        try (TestClient client = connect(mode, new KeptQueue())) {
            List<String> replies = new ArrayList<>();
            for (String line : lines) {
                client.send(line + "\r\n");
                String received = client.received().stripTrailing();
                replies.add(received.substring(received.lastIndexOf('\n') + 1));
            }
            return replies;
        }
    }

    /** Those of the lines that were accepted, each in a message of its own: of two that are the same one would go. */
    static List<EnvelopeRecipient> recipients(Mode mode, List<String> rcptLines, String mailParameters) {
        KeptQueue queue = new KeptQueue();
        try (TestClient client = connect(mode, queue)) {
            for (String line : rcptLines) {
                for (String command : transaction(List.of(line, "DATA", "."), mailParameters)) {
                    client.send(command + "\r\n");
                    client.received();
                }
            }
        }
        return queue.messages().stream()
                .map(message -> message.envelope().recipients().get(0))
                .toList();
    }

    static List<String> transactions(List<String> mailLines) {
        List<String> lines = new ArrayList<>();
        for (String line : mailLines) {
            lines.add("RSET");
            lines.add(line);
        }
        return lines;
    }

    static List<String> transaction(List<String> rcptLines, String mailParameters) {
        List<String> lines = new ArrayList<>(List.of("RSET", "MAIL FROM:<s@a.test>" + mailParameters));
        lines.addAll(rcptLines);
        return lines;
    }
}
