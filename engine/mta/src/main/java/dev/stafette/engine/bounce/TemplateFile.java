// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads {@code bounce_template_file}, whose syntax Postfix's bounce(5) describes.
 * Thread: start-up, reload and main.
 *
 * <pre>
 * failure_template = &lt;&lt;EOF
 * Charset: us-ascii
 * Subject: what the mail program shows
 *
 * The text, with $name.
 * EOF
 * </pre>
 *
 * A template that makes no sense is left out with a warning; a file that is none is a {@link ConfigException}.
 */
final class TemplateFile {
    private final String file;
    private final String[] lines;
    private final Consumer<String> warnings;
    private int at;

    /** {@code text}: a character is a byte; {@code file} stands in messages. */
    TemplateFile(String file, String text, Consumer<String> warnings) {
        this.file = file;
        this.lines = text.split("\n");
        this.warnings = warnings;
    }

    /**
     * Returns the templates, by their names, with those that the file has in their place. Of two for one place the last
     * counts, also when it makes no sense.
     */
    Map<String, ReportTemplate> replaceIn(Map<String, ReportTemplate> builtIn) {
        Map<String, ReportTemplate> templates = new LinkedHashMap<>(builtIn);
        while (at < lines.length) {
            String line = lines[at++];
            String entry = LogicalLine.trim(line);
            if (!entry.isEmpty() && entry.charAt(0) != '#') {
                read(line, entry, builtIn, templates);
            }
        }
        return templates;
    }

    private void read(
            String line, String entry, Map<String, ReportTemplate> builtIn, Map<String, ReportTemplate> templates) {
        int equals = entry.indexOf('=');
        String name = LogicalLine.trim(equals < 0 ? entry : entry.substring(0, equals));
        if (equals < 0 || name.chars().anyMatch(c -> LogicalLine.isSpace((char) c))) {
            throw new ConfigException(here() + "missing '=' after attribute name: \"" + line + "\"");
        }
        if (name.isEmpty()) {
            throw new ConfigException(here() + "missing attribute name: \"" + line + "\"");
        }
        String origin = here();
        String value = LogicalLine.trim(entry.substring(equals + 1));
        String text = value.startsWith("<<") ? textUntil(LogicalLine.trim(value.substring(2))) : value + "\n";
        String kind = name.endsWith("_template") ? name.substring(0, name.length() - "_template".length()) : "";
        ReportTemplate standing = builtIn.get(kind);
        if (standing == null) {
            warnings.accept(origin + "unknown template name: " + name + " -- ignoring this template");
            return;
        }
        TemplateText parsed = new TemplateText(file, standing, text);
        String complaint = parsed.complaint();
        templates.put(kind, complaint.isEmpty() ? parsed.template() : standing);
        complaint.lines().forEach(warnings);
    }

    /** The file and the line that was read last, for the start of a message. */
    private String here() {
        return file + ", line " + at + ": ";
    }

    private String textUntil(String marker) {
        if (marker.isEmpty()) {
            throw new ConfigException(here() + "missing end marker after <<");
        }
        if (!Character.isLetterOrDigit(marker.charAt(0))) {
            throw new ConfigException(here() + "malformed end marker after <<");
        }
        String origin = here();
        StringBuilder text = new StringBuilder();
        while (at < lines.length) {
            String line = lines[at++];
            if (line.equals(marker)) {
                return text.toString();
            }
            text.append(line).append('\n');
        }
        warnings.accept(origin + "missing \"" + marker + "\" end marker");
        return text.toString();
    }
}
