// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What master.cf and main.cf say of one transport to a program.
 * Thread: any (a value).
 *
 * @param environment of the program
 */
public record PipeSettings(
        String service,
        PipeAttributes attributes,
        PipeMacros macros,
        Map<String, String> environment,
        String queueDirectory,
        Duration timeLimit,
        boolean keepsOriginalRecipient) {
    /** {@code settings}: of the row. {@code keys}: how local parts are split. */
    public static PipeSettings of(ServiceRow row, Settings settings, AddressKeys keys, Path queueDirectory) {
        PipeAttributes attributes = PipeAttributes.of(row);
        return new PipeSettings(
                row.name(),
                attributes,
                new PipeMacros(attributes.form(), keys),
                ProgramEnvironment.of(settings).variables(),
                queueDirectory.toString(),
                settings.time(row.name() + "_time_limit"),
                settings.flag("enable_original_recipient"));
    }

    /** Throws a ConfigException for a row of this kind that cannot be meant. */
    public static void check(ServiceRow row) {
        if (row.isPipe()) {
            PipeAttributes.of(row);
        }
    }
}
