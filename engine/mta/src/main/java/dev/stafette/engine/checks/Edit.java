// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

/**
 * What becomes of a field or a line.
 * Thread: any (a value).
 *
 * @param text without a line end; empty where there is none
 */
public record Edit(Kind kind, String text) {
    /** How. */
    public enum Kind {
        KEEP,
        DROP,
        REPLACE,
        /** The text goes in front, as a line of its own. */
        PREPEND
    }

    public static final Edit KEEP = new Edit(Kind.KEEP, "");
    public static final Edit DROP = new Edit(Kind.DROP, "");

    public static Edit replace(String text) {
        return new Edit(Kind.REPLACE, text);
    }

    public static Edit prepend(String text) {
        return new Edit(Kind.PREPEND, text);
    }
}
