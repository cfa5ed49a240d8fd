// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredLinesTest {
    private static final byte[] STORED =
            "Subject: x\r\n\r\n..\r\n...dots\r\nbare \r stays\r\n\r\nend\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final List<String> LINES = List.of("Subject: x", "", ".", "..dots", "bare \r stays", "", "end");

    @Test
    void findsTheLinesHoweverItIsCut() {
        for (int cut = 0; cut <= STORED.length; cut++) {
            List<String> lines = new ArrayList<>();
            StoredLines stored = new StoredLines(line -> lines.add(new String(line, StandardCharsets.US_ASCII)));
            stored.add(Arrays.copyOfRange(STORED, 0, cut));
            stored.add(Arrays.copyOfRange(STORED, cut, STORED.length));
            assertEquals(LINES, lines, "cut at " + cut);
        }
    }

    @Test
    void holdsALongLine() {
        List<Integer> lengths = new ArrayList<>();
        StoredLines stored = new StoredLines(line -> lengths.add(line.length));
        stored.add(("x".repeat(100_000) + "\r\n.\r\n").getBytes(StandardCharsets.US_ASCII));
        assertEquals(List.of(100_000), lengths);
    }
}
