// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The flags of a command line as getopt(3) reads them: letters, some with an argument, in the same word or the next;
 * {@code --} or the first word without {@code -} ends them.
 * Thread: main.
 */
public final class Flags {
    private final List<Flag> flags = new ArrayList<>();
    private final List<String> operands = new ArrayList<>();
    private char unknown;
    private boolean lacksArgument;

    /** A letter and its argument; empty where it takes none. */
    public record Flag(char letter, String argument) {}

    private Flags() {}

    /** {@code letters}: as for getopt, a colon behind those that take an argument. */
    public static Flags parse(String letters, String[] arguments, int from) {
        Flags flags = new Flags();
        int i = from;
        while (i < arguments.length && arguments[i].length() > 1 && arguments[i].charAt(0) == '-') {
            if (arguments[i].equals("--")) {
                i++;
                break;
            }
            i = flags.read(letters, arguments, i);
        }
        Collections.addAll(flags.operands, arguments);
        flags.operands.subList(0, i).clear();
        return flags;
    }

    /** Returns the index of the next word. */
    private int read(String letters, String[] arguments, int index) {
        String word = arguments[index];
        for (int at = 1; at < word.length(); at++) {
            char letter = word.charAt(at);
            int known = letter == ':' ? -1 : letters.indexOf(letter);
            if (known < 0) {
                unknown = letter;
                return index + 1;
            }
            if (known + 1 < letters.length() && letters.charAt(known + 1) == ':') {
                if (at + 1 < word.length()) {
                    flags.add(new Flag(letter, word.substring(at + 1)));
                    return index + 1;
                }
                if (index + 1 == arguments.length) {
                    lacksArgument = true;
                    unknown = letter;
                    lacksArgument = true;
                    return index + 1;
                }
                flags.add(new Flag(letter, arguments[index + 1]));
                return index + 2;
            }
            flags.add(new Flag(letter, ""));
        }
        return index + 1;
    }

    public List<Flag> all() {
        return flags;
    }

    public List<String> operands() {
        return operands;
    }

    /** What getopt(3) says of them; empty when they are right. */
    public String complaint() {
        if (unknown == 0) {
            return "";
        }
        return (lacksArgument ? "option requires an argument -- '" : "invalid option -- '") + unknown + "'";
    }

    /** Whether there was a letter that nobody knows, or one without its argument. */
    public boolean areWrong() {
        return unknown != 0;
    }
}
