// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.admin.UserRight;
import dev.stafette.engine.cli.terminal.Authorization;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
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

    /** Why the caller may not hand in mail; empty when he may. There is nobody for whom this is not asked. */
    String refusal() {
        return Authorization.reasonAgainst(UserRight.SUBMIT, main, directory);
    }

    /** 0: none. */
    long messageBytesMax() {
        return main.size("message_size_limit");
    }
}
