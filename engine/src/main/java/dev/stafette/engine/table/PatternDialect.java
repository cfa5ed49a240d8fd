// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How patterns of a table type are written.
 * Thread: any (stateless).
 */
interface PatternDialect {
    /**
     * Throws a {@link PatternSyntaxException} for a pattern that is wrong, or that Java has nothing for, and a
     * {@link FlagException} for a flag that there is not.
     */
    Compiled compile(String pattern, String flags);

    /** What becomes of a rule whose pattern has no end, in Postfix's words. */
    String unterminated();

    /** What a wrong pattern is reported as. */
    String describe(PatternSyntaxException e);

    /** {@code anchored}: it must match at the start. */
    record Compiled(Pattern pattern, boolean anchored) {}

    /** A flag that there is not. */
    final class FlagException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FlagException(char flag) {
            super("unknown regexp option \"" + flag + "\"");
        }
    }
}
