// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.LogicalLine;
import org.jspecify.annotations.Nullable;

/**
 * How far one outcome moves a concurrency: a constant, or a number that is divided by the concurrency.
 * Thread: any (a value).
 *
 * @param amount from 0 to 1
 */
public record ConcurrencyFeedback(double amount, boolean perConcurrency) {
    /** {@code n}, {@code n/m} or {@code n/concurrency}; null for anything else and for what is not in 0..1. */
    static @Nullable ConcurrencyFeedback parse(String text) {
        int slash = text.indexOf('/');
        String left = LogicalLine.trim(slash < 0 ? text : text.substring(0, slash));
        String right = slash < 0 ? "1" : LogicalLine.trim(text.substring(slash + 1));
        boolean perConcurrency = right.equals("concurrency");
        double amount = number(left) / (perConcurrency ? 1 : number(right));
        return amount >= 0 && amount <= 1 ? new ConcurrencyFeedback(amount, perConcurrency) : null;
    }

    private static double number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return Double.NaN;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c != '.' || text.length() == 1 || text.indexOf('.') != i)) {
                return Double.NaN;
            }
        }
        return Double.parseDouble(text);
    }
}
