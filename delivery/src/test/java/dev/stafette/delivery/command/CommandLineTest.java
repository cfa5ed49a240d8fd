// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static List<List<String>> ways(String command, String shell) {
        return CommandLine.ofText(command, shell).ways();
    }

    @Test
    void takesAShellOnlyForWhatMeansSomethingToOne() {
        assertEquals(List.of(List.of("/usr/bin/procmail", "-a", "x=y")), ways("/usr/bin/procmail  -a\tx=y ", ""));
        assertEquals(List.of(List.of("/bin/sh", "-c", "/bin/cat >/tmp/x")), ways("/bin/cat >/tmp/x", ""));
        assertEquals(List.of(List.of("/bin/sh", "-c", "/bin/a \"$B\"")), ways("/bin/a \"$B\"", ""));
    }

    @Test
    void looksForAProgramBeforeAWordOfTheShell() {
        assertEquals(List.of(List.of("exit", "75"), List.of("/bin/sh", "-c", "exit 75")), ways("exit 75", ""));
    }

    @Test
    void takesTheShellThatIsConfigured() {
        assertEquals(List.of(List.of("/bin/bash", "-c", "/bin/cat x")), ways("/bin/cat x", "/bin/bash -c"));
    }

    @Test
    void hasNoShellLookAtWords() {
        assertEquals(
                List.of(List.of("a b", "$x")),
                CommandLine.ofWords(List.of("a b", "$x")).ways());
        assertEquals("a b", CommandLine.ofWords(List.of("a b", "$x")).label());
    }
}
