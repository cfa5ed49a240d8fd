// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Path;

/**
 * Finds the configuration that a command is about: {@code -c}, or else {@code MAIL_CONFIG}, which the launcher sets to
 * the installation's own where the caller has not.
 * Thread: main.
 */
public final class ConfigDirectory {
    private static final String VARIABLE = "MAIL_CONFIG";
    private static final String FALLBACK = "conf";

    private ConfigDirectory() {}

    /** {@code named}: empty without {@code -c}. */
    public static Path find(Terminal terminal, String named) {
        return Path.of(name(terminal, named)).toAbsolutePath().normalize();
    }

    /** As the caller wrote it. */
    public static String name(Terminal terminal, String named) {
        return named.isEmpty() ? terminal.environment().getOrDefault(VARIABLE, FALLBACK) : named;
    }

    /** Where the process that uses this configuration has its queue. */
    public static QueueDirectory queueDirectory(Path directory) {
        return queueDirectory(Configuration.readMainCf(directory, new LocalHost()));
    }

    public static QueueDirectory queueDirectory(Configuration configuration) {
        return new QueueDirectory(
                configuration.queueDirectory(), configuration.settings().text("process_id_directory"));
    }
}
