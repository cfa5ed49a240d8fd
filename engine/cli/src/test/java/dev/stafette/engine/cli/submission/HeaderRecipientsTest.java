// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRecipientsTest {
    private static List<String> recipients(String text, int pieceBytes, int valueBytesMax) throws IOException {
        MessageInput in = new MessageInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), pieceBytes);
        HeaderRecipients header = new HeaderRecipients(valueBytesMax, 100);
        boolean goesOn = true;
        while (goesOn && in.next()) {
            goesOn = header.add(in.bytes(), in.length(), in.startsLine());
        }
        return header.all();
    }

    /** Lines in pieces of any length are the same lines. */
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 64, 2048})
    void collectsFromThreeFields(int pieceBytes) throws IOException {
        String text = "To: a@b, Foo Bar\n\t<c@d>\nSubject: x@y\ncc:e@f\nBCC: g@h\nTo: i@j\n\nTo: no@no\n";
        assertEquals(List.of("a@b", "c@d", "e@f", "g@h", "i@j"), recipients(text, pieceBytes, 1000));
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 2048})
    void prefersResentFields(int pieceBytes) throws IOException {
        assertEquals(
                List.of("c@d", "e@f"), recipients("To: a@b\nResent-Cc: c@d\nResent-Bcc: e@f\n\n", pieceBytes, 1000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\nTo: a@b\n", "no field\nTo: a@b\n", " To: a@b\n", "To a@b\n", ""})
    void endsWithTheHeader(String text) throws IOException {
        assertEquals(List.of(), recipients(text, 2048, 1000));
    }

    @Test
    void looksAtSoMuchOfAFieldOnly() throws IOException {
        assertEquals(List.of("a@b", "c"), recipients("To: a@b,\n c@defg\nX: y\n\n", 2048, 10));
    }
}
