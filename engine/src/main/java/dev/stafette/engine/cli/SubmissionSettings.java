// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.LocalHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.pickup.Maildrop;
import java.nio.file.Path;

/**
 * What the commands that hand in mail want to know of main.cf.
 * Thread: main.
 *
 * @param directory of the configuration
 */
record SubmissionSettings(Path directory, Settings main, Maildrop maildrop) {
    static SubmissionSettings read(Path directory) {
        Configuration configuration = Configuration.readMainCf(directory, new LocalHost());
        return new SubmissionSettings(
                directory, configuration.settings(), new Maildrop(configuration.queueDirectory()));
    }

    /** 0: none. */
    long messageBytesMax() {
        return main.size("message_size_limit");
    }
}
