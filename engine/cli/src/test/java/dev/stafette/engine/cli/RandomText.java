// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.util.Random;

/** Text of pieces, the same for the same seed. */
final class RandomText {
    private final Random random;

    RandomText(long seed) {
        this.random = new Random(seed);
    }

    /** From 0. */
    int below(int limit) {
        return random.nextInt(limit);
    }

    String oneOf(String... pieces) {
        return pieces[random.nextInt(pieces.length)];
    }

    /** At least one of them, one after the other. */
    String some(int countMax, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(countMax); n >= 0; n--) {
            text.append(oneOf(pieces));
        }
        return text.toString();
    }
}
