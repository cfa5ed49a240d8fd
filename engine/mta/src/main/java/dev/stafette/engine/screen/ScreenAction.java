// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.Settings;
import java.util.Locale;

/**
 * What becomes of a client that fails a test.
 * Thread: any (constants).
 */
enum ScreenAction {
    /** The log tells. */
    IGNORE,
    /** The other tests go on, and then its mail is refused. */
    ENFORCE,
    /** It is disconnected. */
    DROP;

    static ScreenAction of(Settings settings, String parameter) {
        String word = settings.choice(parameter);
        // As the first releases called it.
        return word.equals("continue") ? IGNORE : valueOf(word.toUpperCase(Locale.ROOT));
    }
}
