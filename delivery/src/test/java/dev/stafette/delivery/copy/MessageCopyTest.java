// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.FileBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class MessageCopyTest {
    private static final CopyAddresses ADDRESSES =
            new CopyAddresses("s@example.org", "orig@example.org", "to@example.org");

    private static final String CONTENT =
            "Subject: x\n\nFrom here\n>From there\nFro\nFrom\nF\n\n.\n..\n.From dots\nend From \nFrom \n";

    private static String copy(String content, int cut, CopyRules rules, CopyAddresses addresses) throws IOException {
        FileBody body = FileBody.of(content).cutAt(cut);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long epochMs = LocalDateTime.of(2026, 11, 9, 6, 7, 8)
                .atZone(ZoneId.systemDefault())
                .toInstant()
                .toEpochMilli();
        MessageCopy.write(body, rules, addresses, epochMs, out);
        body.release();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isTheContentWhereNothingIsAskedFor() throws IOException {
        assertEquals(CONTENT, copy(CONTENT, 5, CopyRules.PLAIN, ADDRESSES));
    }

    @Test
    void putsInFrontWhatAFinalDeliveryTells() throws IOException {
        CopyRules all = new CopyRules(true, true, true, true, false, false, true, "\n");
        assertEquals(
                "From s@example.org  Mon Nov  9 06:07:08 2026\nReturn-Path: <s@example.org>\n"
                        + "X-Original-To: orig@example.org\nDelivered-To: to@example.org\nA: b\n\nbody\n\n",
                copy("A: b\n\nbody\n", 3, all, ADDRESSES));
        assertEquals(
                "From MAILER-DAEMON  Mon Nov  9 06:07:08 2026\nReturn-Path: <>\nDelivered-To: to@example.org\nA: b\n\n",
                copy("A: b\n", 3, all, new CopyAddresses("", "", "to@example.org")));
    }

    @Test
    void marksLinesWhereverThePiecesAreCut() throws IOException {
        CopyRules rules = new CopyRules(false, false, false, false, true, true, false, "\r\n");
        String expected = ("Subject: x\n\n>From here\n>From there\nFro\nFrom\nF\n\n..\n...\n..From dots\nend From \n"
                        + ">From \n")
                .replace("\n", "\r\n");
        for (int cut = 0; cut <= CONTENT.length() + 20; cut++) {
            assertEquals(expected, copy(CONTENT, cut, rules, ADDRESSES), "cut at " + cut);
        }
    }

    @Test
    void copiesWhatIsLargerThanAPiece() throws IOException {
        String content = "A: b\n\n" + "0123456789 From\n".repeat(10_000);
        assertEquals(content, copy(content, 70_000, CopyRules.PLAIN, ADDRESSES));
    }
}
