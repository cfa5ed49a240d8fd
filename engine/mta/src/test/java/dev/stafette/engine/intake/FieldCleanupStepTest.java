// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldCleanupStepTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        Bcc: x||.|                                ; |.|
        Bcc: x|A: b||t|.|                         ; A: b||t|.|
        A: b|BCC: x| y|\tz|C: d||t|.|             ; A: b|C: d||t|.|
        A: b|Bcc : x|Bccs: y|Bc: z||.|            ; A: b|Bccs: y|Bc: z||.|
        Return-Path: <x>|resent-bcc: y||Bcc: z|.| ; |Bcc: z|.|
        A: b|text|.|                              ; A: b||text|.|
        A: b|Content-Length: 3|text|.|            ; A: b||text|.|
        A: b|.|                                   ; A: b|.|
        """)
    void dropsWhatMustNotTravelOn(String before, String after) {
        assertCleanedUp(before, after, 102_400);
    }

    /** As Postfix writes the obsolete form of RFC 5322 §4.5. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        A : b||t : u|.|                           ; A: b||t : u|.|
        A: b|C \t :d| e : f|G  :||t|.|            ; A: b|C:d| e : f|G:||t|.|
        A : b|text|.|                             ; A: b||text|.|
        A : b|C D : no header|.|                  ; A: b||C D : no header|.|
        Bcc : x|A\t: b||t|.|                      ; A: b||t|.|
        """)
    void takesAwayWhiteSpaceInFrontOfColons(String before, String after) {
        assertCleanedUp(before, after, 102_400);
    }

    /** The limit is 10 bytes for a field without its line end. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        A: 4567891||text that is long|.|       ; A: 4567891||text that is long|.|
        A: 4567891011|B: c||t|.|               ; A: 4567891|B: c||t|.|
        A: 456| 123456| more|B: c||t|.|        ; A: 456| 1|B: c||t|.|
        A: 456| | more|B: c||t|.|              ; A: 456|B: c||t|.|
        A: 4567891|\tmore|B: c||t|.|           ; A: 4567891|B: c||t|.|
        Long-Header-Name: x|B: c||t|.|         ; Long-Header-Name:|B: c||t|.|
        A: 4567891011|Bcc: 1234567890||t|.|    ; A: 4567891||t|.|
        A: 4567891011|text|.|                  ; A: 4567891||text|.|
        A: 456789ééé||t|.|                      ; A: 456789é||t|.|
        """)
    void cutsWhatIsTooLong(String before, String after) {
        assertCleanedUp(before, after, 10);
    }

    @Test
    void cutsNothingWithoutALimit() {
        String long100k = "A: " + "x".repeat(100_000) + "||t|.|";
        assertCleanedUp(long100k, long100k, 0);
    }

    private static void assertCleanedUp(String before, String after, int headerBytesMax) {
        IntakeSettings settings = new IntakeSettings("mx", 50, headerBytesMax);
        assertEquals(wire(after), StepFixture.applied(new FieldCleanupStep(), settings, false, wire(before)));
    }

    private static String wire(String text) {
        return text.replace("|", "\r\n");
    }
}
