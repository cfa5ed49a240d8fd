// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import dev.stafette.engine.table.Inquiry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same commands for Postfix's smtpd and for ours: the same replies, and the same addresses in the envelope.
 *
 * <p>{@code -Dcommands.seed=N} takes other lines, {@code -Dcommands.count=N} more of them; {@code -Dcommands.record=FILE}
 * writes what Postfix said for {@link RecordedRepliesTest}.
 */
@Timeout(300)
class CommandComparisonIT {
    private static final int COUNT = Integer.getInteger("commands.count", 1650);
    private static final long SEED = Long.getLong("commands.seed", 9);
    private static final int BATCH = 50;

    private static PostfixServer postfix;

    @BeforeAll
    static void start() throws Exception {
        postfix = PostfixServer.start(
                OurServer.MODES.stream().map(OurServer.Mode::setting).toList());
    }

    @AfterAll
    static void stop() throws Exception {
        if (postfix != null) {
            postfix.close();
        }
    }

    private static List<String> askPostfix(OurServer.Mode mode, List<String> lines) throws Exception {
        List<String> replies = new ArrayList<>();
        try (SocketClient client = new SocketClient(postfix.address(OurServer.MODES.indexOf(mode))).hello()) {
            for (int from = 0; from < lines.size(); from += BATCH) {
                List<String> batch = lines.subList(from, Math.min(lines.size(), from + BATCH));
                client.send(String.join("\r\n", batch) + "\r\n");
                for (int i = 0; i < batch.size(); i++) {
                    replies.add(utf8(String.valueOf(client.reply())));
                }
            }
        }
        return replies;
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static void compare(OurServer.Mode mode, List<String> lines) throws Exception {
        List<String> theirs = askPostfix(mode, lines);
        List<String> ours = OurServer.ask(mode, lines);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!theirs.get(i).equals(ours.get(i)) && !Deliberate.concerns(lines.get(i))) {
                differences.add(lines.get(i) + "\n    Postfix: " + theirs.get(i) + "\n    ours:    " + ours.get(i));
            }
        }
        assertEquals(List.of(), differences, () -> mode.setting() + "\n" + String.join("\n", differences));
        record(mode, lines, theirs);
    }

    private static void record(OurServer.Mode mode, List<String> lines, List<String> replies) throws Exception {
        String file = System.getProperty("commands.record");
        if (file != null) {
            RecordedReplies.append(Path.of(file), mode, lines, replies);
        }
    }

    /** Time is short, unless more was asked for. */
    private static List<String> some(List<String> lines) {
        int step = System.getProperty("commands.count") == null ? 3 : 1;
        List<String> some = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += step) {
            some.add(lines.get(i));
        }
        return some;
    }

    private static boolean hasEightBit(String line) {
        return line.chars().anyMatch(c -> c >= 0x80);
    }

    @Test
    void answersMailAsPostfixDoes() throws Exception {
        List<String> lines = AddressLines.mail(SEED, COUNT);
        compare(OurServer.LENIENT, OurServer.transactions(lines));
        compare(OurServer.STRICT, OurServer.transactions(some(lines)));
        compare(
                OurServer.WITHOUT_UTF8,
                OurServer.transactions(
                        lines.stream().filter(CommandComparisonIT::hasEightBit).toList()));
    }

    @Test
    void answersRcptAsPostfixDoes() throws Exception {
        List<String> lines = AddressLines.rcpt(SEED, COUNT);
        List<String> eightBit =
                lines.stream().filter(CommandComparisonIT::hasEightBit).toList();
        compare(OurServer.LENIENT, OurServer.transaction(lines, ""));
        compare(OurServer.STRICT, OurServer.transaction(some(lines), ""));
        compare(OurServer.LENIENT, OurServer.transaction(eightBit, " SMTPUTF8"));
        compare(OurServer.WITHOUT_UTF8, OurServer.transaction(eightBit, ""));
    }

    /** Each recipient has a mark by which it is found again. */
    @Test
    void readsTheSameAddresses() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String line : some(AddressLines.rcpt(SEED, COUNT))) {
            if (!Deliberate.concerns(line)) {
                lines.add(line + " ORCPT=rfc822;n" + lines.size());
            }
        }
        List<String> message = new ArrayList<>(OurServer.transaction(lines, " SMTPUTF8"));
        message.add("DATA");
        message.add(".");
        askPostfix(OurServer.LENIENT, message);
        EnvelopeRewriter rewriter =
                TestHost.settings(OurServer.mainCf(OurServer.LENIENT)).rewriter();
        Map<String, MailAddress> theirs = new LinkedHashMap<>();
        String mark = "";
        for (String record : postfix.lastEnvelope()) {
            if (record.startsWith("named_attribute: dsn_orig_rcpt=")) {
                mark = record.substring(record.indexOf('=') + 1);
            } else if (record.startsWith("recipient: ")) {
                theirs.put(
                        mark,
                        rewriter.recipient(
                                AddressList.split(utf8(record.substring("recipient: ".length()))), Inquiry.BLOCKING));
            }
        }
        Map<String, MailAddress> ours = new LinkedHashMap<>();
        for (EnvelopeRecipient recipient : OurServer.recipients(OurServer.LENIENT, lines, " SMTPUTF8")) {
            ours.put(String.valueOf(recipient.originalRecipient()), recipient.address());
        }
        assertTrue(theirs.size() > COUNT / 8, "recipients: " + theirs.size());
        List<String> differences = new ArrayList<>();
        theirs.forEach((key, address) -> {
            if (!address.equals(ours.get(key))) {
                int line = Integer.parseInt(key.substring(key.indexOf(";n") + 2));
                differences.add(lines.get(line) + "\n    Postfix: " + address + "\n    ours:    " + ours.get(key));
            }
        });
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
        assertEquals(theirs.size(), ours.size());
    }
}
