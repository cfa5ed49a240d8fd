// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Who may see the queue and have it delivered, by the lists of main.cf. They are read at each question, as the commands do
 * that ask: so both know the same.
 * Thread: any.
 */
public final class ListedUsers {
    private final Path directory;
    private final Executor workers;

    public ListedUsers(Path configDirectory, Executor workers) {
        this.directory = configDirectory;
        this.workers = workers;
    }

    /**
     * {@code listener} hears, on a worker, why somebody may not; empty when he may.
     *
     * @param user the name that the system has for him
     */
    void check(UserRight right, String user, Consumer<String> listener) {
        workers.execute(() -> listener.accept(reasonAgainst(user, right)));
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
