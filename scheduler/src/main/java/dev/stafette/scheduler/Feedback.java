// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * How far one outcome moves a concurrency window: a constant ({@code n} or {@code n/m}), or a number divided by the window
 * ({@code n/concurrency}).
 * Thread: any (a value).
 */
public record Feedback(double amount, boolean perConcurrency) {
    /** One window step for each outcome: Postfix's default for both directions. */
    public static final Feedback ONE = new Feedback(1, false);

    public Feedback {
        if (!(amount >= 0 && amount <= 1)) {
            throw new IllegalArgumentException("concurrency feedback: " + amount + " (expected: 0..1)");
        }
    }

    double at(int window) {
        return perConcurrency ? amount / window : amount;
    }
}
