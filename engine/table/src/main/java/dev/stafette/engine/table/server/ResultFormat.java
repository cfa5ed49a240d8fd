// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.TableAnswer;
import org.jspecify.annotations.Nullable;

/**
 * How the values that a server found become one result: each through {@code result_format}, joined by commas, not more of
 * them than {@code expansion_limit}.
 * Thread: any (a value).
 */
public record ResultFormat(KeyTemplate template, int expansionLimit) {
    /** No list of recipients is so long; a query that has lost its condition is. */
    static final int CHARS_MAX = 1_000_000;

    public static ResultFormat read(TableParameters parameters) {
        return new ResultFormat(parameters.template("result_format", "%s"), parameters.count("expansion_limit", 0, 0));
    }

    public Result begin(LookupKey key) {
        return new Result(key);
    }

    /** The result of one lookup while it grows. Thread: the one that looks up. */
    public final class Result {
        private final LookupKey key;
        private final StringBuilder text = new StringBuilder();

        private int count;

        private Result(LookupKey key) {
            this.key = key;
        }

        /** Null and empty values count for nothing. */
        public void add(@Nullable String value) {
            if (value == null || value.isEmpty()) {
                return;
            }
            String expanded = template.expandResult(key, value);
            if (expanded == null) {
                return;
            }
            if (text.length() > 0) {
                text.append(',');
            }
            text.append(expanded);
            count++;
        }

        /** A result that is cut off would lose recipients, so there is none. */
        public boolean isOverLimit() {
            return expansionLimit > 0 && count > expansionLimit || text.length() > CHARS_MAX;
        }

        int count() {
            return count;
        }

        public TableAnswer answer() {
            if (isOverLimit()) {
                return TableAnswer.unavailable(
                        text.length() > CHARS_MAX
                                ? "a result of more than " + CHARS_MAX + " characters"
                                : "more than expansion_limit = " + expansionLimit + " results");
            }
            return text.length() == 0 ? TableAnswer.notFound() : TableAnswer.found(text.toString());
        }
    }
}
