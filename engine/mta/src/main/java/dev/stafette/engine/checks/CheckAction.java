// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import org.jspecify.annotations.Nullable;

/**
 * The result of a table of checks: a verb, and what follows it.
 * Thread: any (a value).
 *
 * @param verb null: an unknown one
 * @param text may be empty
 */
public record CheckAction(@Nullable CheckVerb verb, String text) {
    public static CheckAction parse(String result) {
        int end = 0;
        while (end < result.length() && result.charAt(end) != ' ' && result.charAt(end) != '\t') {
            end++;
        }
        int text = end;
        while (text < result.length() && Character.isWhitespace(result.charAt(text))) {
            text++;
        }
        return new CheckAction(CheckVerb.of(result.substring(0, end)), result.substring(text));
    }

    /** What is wrong with a text that is to stand in the message, in Postfix's words; null: nothing. */
    public @Nullable String mistake(CheckPart part, String map) {
        if (text.isEmpty()) {
            String of = verb == CheckVerb.PREPEND ? "PREPEND action" : "REPLACE action";
            return of + " without text in " + map + " map";
        }
        if (part == CheckPart.HEADER && FieldLine.nameEnd(text) == 0) {
            return "bad " + verb + " header text \"" + text + "\" in " + map
                    + " map -- need \"headername: headervalue\"";
        }
        return null;
    }
}
