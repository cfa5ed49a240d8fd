// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a program is called: the words, or one after the other the ways that are tried until there is such a program.
 * Thread: any (a value).
 *
 * @param label what messages call it
 * @param ways of which each has at least one word; a later one is tried when the one before leads to no program
 */
public record CommandLine(String label, List<List<String>> ways) {
    /** As the shell would have nothing to do with it. */
    private static final String PLAIN_CHARACTERS =
            "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t";

    private static final String SHELL = "/bin/sh";

    public CommandLine {
        ways = ways.stream().map(List::copyOf).toList();
    }

    /** Words that no shell looks at. */
    public static CommandLine ofWords(List<String> words) {
        return new CommandLine(words.get(0), List.of(words));
    }

    /**
     * A command as users write it. A shell runs it where one is asked for, where a character means something to one, and
     * where the first word is no program but may be a word of the shell's own.
     *
     * @param shell words of {@code local_command_shell}; empty: the system's, if it takes one
     */
    public static CommandLine ofText(String command, String shell) {
        List<String> shellWords = words(shell);
        if (!shellWords.isEmpty()) {
            return new CommandLine(
                    command,
                    List.of(Stream.concat(shellWords.stream(), Stream.of(command))
                            .toList()));
        }
        List<String> inShell = List.of(SHELL, "-c", command);
        List<String> words = words(command);
        boolean isPlain = command.chars().allMatch(c -> PLAIN_CHARACTERS.indexOf(c) >= 0);
        if (!isPlain || words.isEmpty()) {
            return new CommandLine(command, List.of(inShell));
        }
        boolean isPath = words.get(0).indexOf('/') >= 0;
        return new CommandLine(command, isPath ? List.of(words) : List.of(words, inShell));
    }

    private static List<String> words(String text) {
        return Stream.of(text.split("[ \t\r\n]+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
