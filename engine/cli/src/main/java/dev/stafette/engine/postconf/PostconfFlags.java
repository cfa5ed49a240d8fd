// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code postconf} is asked to do: flags and names, checked for what does not go together.
 * Thread: main.
 */
final class PostconfFlags {
    static final String USAGE = "usage: postconf [-a (server SASL types)] [-A (client SASL types)]"
            + " [-b (bounce templates)] [-c config_dir] [-C param_class] [-d (parameter defaults)]"
            + " [-e (edit configuration)] [-f (fold lines)] [-F (master.cf fields)] [-h (no names)] [-H (no values)]"
            + " [-j (JSON)] [-l (lock types)] [-m (map types)] [-M (master.cf)] [-n (non-default parameters)]"
            + " [-o name=value (override parameter value)] [-p (main.cf, default)] [-P (master.cf parameters)]"
            + " [-q (quiet)] [-t (bounce templates)] [-T compile-version|run-version|public-key-algorithms]"
            + " [-v (verbose)] [-x (expand parameter values)] [-X (exclude)] [-# (comment-out)] [name...]";

    private static final String LETTERS = "aAbc:C:deEfFhHjlmMno:pPqtT:vxX#";

    /** What is shown or edited; one of these. */
    private static final String SUBJECTS = "aAbFlmMpPtT";
    /** What is done with it. */
    private static final String ACTIONS = "denX#";

    private static final String SHOWS_ONLY = "defhHnoxX#j";

    private final StringBuilder given = new StringBuilder();
    private final List<String> overrides = new ArrayList<>();
    private final List<String> operands;
    private String directory = "";
    private String kinds = "";
    private String tlsMode = "";

    private PostconfFlags(Flags flags) {
        this.operands = flags.operands();
        for (Flags.Flag flag : flags.all()) {
            switch (flag.letter()) {
                case 'c' -> directory = flag.argument();
                case 'C' -> kinds = flag.argument();
                case 'o' -> overrides.add(flag.argument());
                case 'T' -> tlsMode = flag.argument();
                default -> {
                    // The letter says it all.
                }
            }
            given.append(flag.letter());
        }
    }

    /** Throws a {@link ConfigException} that says what is wrong. */
    static PostconfFlags parse(String[] arguments) {
        Flags flags = Flags.parse(LETTERS, arguments, 0);
        if (flags.areWrong()) {
            throw new ConfigException(USAGE);
        }
        PostconfFlags parsed = new PostconfFlags(flags);
        // "postconf name=value" is an edit without -e, too.
        if (!parsed.has('e')
                && !parsed.operands.isEmpty()
                && parsed.operands.get(0).indexOf('=') >= 0) {
            parsed.given.append('e');
        }
        parsed.check();
        return parsed;
    }

    private void check() {
        oneOf(SUBJECTS);
        oneOf(ACTIONS);
        oneOf("hH");
        oneOf("ef");
        oneOf("ex");
        oneOf("ehH");
        oneOf("XfhHx");
        without("j", "efhHX#C");
        without("abAlmt", SHOWS_ONLY);
        without("T", SHOWS_ONLY);
        without("M", "dhHn");
        without("F", "dnX#");
        without("P", "dn#");
    }

    /** Several of the last kinds of the letters are fine, as long as the first is not given. */
    private void oneOf(String letters) {
        boolean byFirst = letters.charAt(0) == 'e' || letters.charAt(0) == 'X';
        if (byFirst && !has(letters.charAt(0))) {
            return;
        }
        StringBuilder named = new StringBuilder();
        int count = 0;
        for (int i = 0; i < letters.length(); i++) {
            if (has(letters.charAt(i))) {
                named.append(" -").append(letters.charAt(i));
                count++;
            }
        }
        if (count > 1) {
            throw new ConfigException("specify one of" + named);
        }
    }

    private void without(String subjects, String letters) {
        for (int i = 0; i < subjects.length(); i++) {
            for (int j = 0; j < letters.length(); j++) {
                if (has(subjects.charAt(i)) && has(letters.charAt(j))) {
                    throw new ConfigException(
                            "with option -" + subjects.charAt(i) + ", do not specify -" + letters.charAt(j));
                }
            }
        }
    }

    boolean has(char letter) {
        return given.indexOf(String.valueOf(letter)) >= 0;
    }

    /** The letter of what is shown or edited; {@code p} without one. */
    char subject() {
        for (int i = 0; i < SUBJECTS.length(); i++) {
            if (has(SUBJECTS.charAt(i))) {
                return SUBJECTS.charAt(i);
            }
        }
        return 'p';
    }

    boolean isEdit() {
        return has('e') || has('X') || has('#');
    }

    DisplayMode display() {
        return new DisplayMode(has('f'), has('h'), has('H'), has('x'), has('j'));
    }

    String directory() {
        return directory;
    }

    String kinds() {
        return kinds;
    }

    String tlsMode() {
        return tlsMode;
    }

    List<String> overrides() {
        return overrides;
    }

    List<String> operands() {
        return operands;
    }
}
