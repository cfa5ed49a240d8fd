// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/** Checks of settings. A class of its own, since the settings' default values need each other in one order only. */
final class Ranges {
    private Ranges() {}

    static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
