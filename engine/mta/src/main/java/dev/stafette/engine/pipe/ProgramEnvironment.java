// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.command.CommandEnvironment;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import java.util.HashMap;
import java.util.Map;

/**
 * What of this process's environment programs get to see: what {@code import_environment} lets in, and of that what
 * {@code export_environment} lets out.
 * Thread: start-up and reload.
 */
public final class ProgramEnvironment {
    private static final String CONFIG = "MAIL_CONFIG";

    private ProgramEnvironment() {}

    public static CommandEnvironment of(Settings settings) {
        Map<String, String> own = new HashMap<>(LocalHost.environment());
        // As the command that starts Postfix does, whichever way the directory was named.
        own.put(CONFIG, settings.text("config_directory"));
        Map<String, String> imported = CommandEnvironment.of(settings.words("import_environment"), own::get)
                .variables();
        return CommandEnvironment.of(settings.words("export_environment"), imported::get);
    }
}
