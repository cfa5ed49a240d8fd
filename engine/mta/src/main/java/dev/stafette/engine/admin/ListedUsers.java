// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Who may see the queue and have it delivered, by the lists of main.cf. They are read at each question, as the commands do
 * that ask: so both know the same.
 * Thread: any.
 */
public final class ListedUsers implements AccessControl {
    private final Path directory;
    private final Executor workers;

    public ListedUsers(Path configDirectory, Executor workers) {
        this.directory = configDirectory;
        this.workers = workers;
    }

    @Override
    public void check(Right right, String user, ReasonListener listener) {
        workers.execute(
                () -> listener.onReason(reasonAgainst(user, right == Right.VIEW ? UserRight.VIEW : UserRight.FLUSH)));
    }

    private String reasonAgainst(String user, UserRight right) {
        try {
            Configuration configuration = Configuration.readMainCf(directory, new LocalHost());
            return right.reasonAgainst(user, user, configuration.settings(), directory);
        } catch (ConfigException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
