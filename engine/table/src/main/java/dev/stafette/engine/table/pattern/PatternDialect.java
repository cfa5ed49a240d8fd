// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How patterns of a table type are written.
 * Thread: any (stateless).
 */
interface PatternDialect {
    /** Flags that there are. */
    String flags();

    /** Among them: those that mean nothing any more, which is said. */
    String obsoleteFlags();

    /** {@code !} ends the flags, and begins a second pattern: {@code /this/!/and not that/}. */
    boolean hasSecondPattern();

    /**
     * Throws a {@link PatternSyntaxException} for a pattern that is wrong, or that Java has nothing for.
     *
     * @param flags of those that there are
     */
    Compiled compile(String pattern, String flags);

    /** What {@code $0} is, in Postfix's words. */
    String outOfRange();

    /** What becomes of a rule whose pattern has no end, in Postfix's words. */
    String unterminated();

    /** What a wrong pattern is reported as. */
    String describe(PatternSyntaxException e);

    /** {@code anchored}: it must match at the start. */
    record Compiled(Pattern pattern, boolean anchored) {}
}
