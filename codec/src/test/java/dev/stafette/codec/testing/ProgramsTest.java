// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    @Test
    void findsWhatIsThere() {
        assertTrue(Files.isExecutable(Programs.require("sh")));
    }

    @Test
    void goesOnWithoutWhatIsMissingUnlessItIsRequired() {
        assertFalse(Programs.has(false, "swaks", ""));
        assertTrue(Programs.has(true, "swaks", "required"));
        AssertionError missing = assertThrows(AssertionError.class, () -> Programs.has(false, "swaks", "required"));
        assertEquals("swaks is not installed, and stafette.programs says that it is", missing.getMessage());
    }
}
