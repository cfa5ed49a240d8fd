// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.engine.config.Settings;
import java.util.List;
import java.util.function.Consumer;

/**
 * What main.cf says of the lines that TLS is worth.
 * Thread: start-up and reload.
 */
public final class LogLevels {
    private LogLevels() {}

    /** As by Postfix, with a word that is none nothing is logged but a warning. */
    public static TlsLogLevel of(Settings settings, String parameter, Consumer<String> warnings) {
        List<String> words = settings.words(parameter);
        String unknown = TlsLogLevel.unknownWord(words);
        if (unknown == null) {
            return TlsLogLevel.of(words);
        }
        warnings.accept("unknown " + parameter + " value \"" + unknown + "\" in \"" + settings.text(parameter) + "\"");
        return TlsLogLevel.NONE;
    }
}
