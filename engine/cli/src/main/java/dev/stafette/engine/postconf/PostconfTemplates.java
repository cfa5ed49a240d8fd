// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.bounce.ReportTemplates;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code postconf -b} and {@code -t}: shows the words of reports, with and without the values of names.
 * Thread: main.
 */
final class PostconfTemplates {
    /** In Postfix another program does this and says so. */
    private static final String NAME = "postfix/bounce";

    private final Terminal terminal;

    PostconfTemplates(Terminal terminal) {
        this.terminal = terminal;
    }

    /** {@code operands}: the file, or none for that of main.cf. */
    int run(String directory, boolean isExpanded, List<String> operands) {
        if (operands.size() > 1) {
            throw new ConfigException("options -b and -t require at most one template file");
        }
        Settings settings =
                Configuration.readMainCf(Path.of(directory), new LocalHost()).settings();
        String file = operands.isEmpty() ? settings.text("bounce_template_file") : operands.get(0);
        String shown;
        try {
            ReportTemplates templates = ReportTemplates.read(file, settings, this::warn);
            shown = isExpanded ? templates.expanded(settings, this::warn) : templates.source();
        } catch (ConfigException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
        byte[] bytes = shown.getBytes(StandardCharsets.ISO_8859_1);
        terminal.out().write(bytes, 0, bytes.length);
        return ExitCode.OK;
    }

    private void warn(String text) {
        terminal.warn(NAME, text);
    }
}
