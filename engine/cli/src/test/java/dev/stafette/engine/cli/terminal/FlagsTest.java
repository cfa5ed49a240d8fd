// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FlagsTest {
    private static Flags parse(String... words) {
        return Flags.parse("c:fi:v", words, 0);
    }

    @Test
    void readsLettersTogetherAndArgumentsInEitherWord() {
        Flags flags = parse("-vf", "-cDIR", "-i", "ID", "-vc", "OTHER", "start", "-v");
        assertEquals(
                List.of(
                        new Flags.Flag('v', ""),
                        new Flags.Flag('f', ""),
                        new Flags.Flag('c', "DIR"),
                        new Flags.Flag('i', "ID"),
                        new Flags.Flag('v', ""),
                        new Flags.Flag('c', "OTHER")),
                flags.all());
        assertEquals(List.of("start", "-v"), flags.operands());
    }

    @Test
    void endsAtTwoDashesAndTakesOneForAWord() {
        assertEquals(List.of("-v"), parse("--", "-v").operands());
        assertEquals(List.of("-", "-v"), parse("-", "-v").operands());
        assertEquals(List.of(), parse().operands());
    }

    @Test
    void noticesWhatItDoesNotKnow() {
        assertTrue(parse("-x").areWrong());
        assertTrue(parse("-:").areWrong());
        assertTrue(parse("-c").areWrong());
        assertTrue(parse("-vx", "y").areWrong());
    }
}
