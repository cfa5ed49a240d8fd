// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts other commands in the place of those that a client sends: {@code smtpd_command_filter} and
 * {@code postscreen_command_filter}.
 * Thread: any (a value).
 *
 * @param spec as main.cf has it, for the log
 */
public record CommandFilter(String spec, Table table) {
    private static final int LOGGED_CHARS_MAX = 100;

    /** {@code name}: of the parameter. Null: there is none. */
    public static @Nullable CommandFilter of(Settings settings, String name, ListTables tables) {
        List<Table> named = settings.tables(name, tables);
        if (named.size() > 1) {
            throw settings.bad(name, "one table");
        }
        return named.isEmpty() ? null : new CommandFilter(settings.text(name), named.get(0));
    }

    /** {@code command}: a line without its end. */
    public TableAnswer find(String command, Inquiry inquiry) {
        int from = 0;
        while (from < command.length() && (command.charAt(from) == ' ' || command.charAt(from) == '\t')) {
            from++;
        }
        return table.lookup(command.substring(from), inquiry);
    }

    /** As the table is asked; NUL ends it, as in Postfix. */
    public static String text(byte[] line, int length) {
        int end = 0;
        while (end < length && line[end] != 0) {
            end++;
        }
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /** For the log. */
    public static String replaced(String client, String command, String other) {
        return client + ": replacing command \"" + excerpt(command) + "\" with \"" + excerpt(other) + '"';
    }

    /** For the log. */
    public String failed(String command) {
        return spec + " lookup error for \"" + excerpt(command) + '"';
    }

    private static String excerpt(String text) {
        return text.substring(0, Math.min(text.length(), LOGGED_CHARS_MAX));
    }
}
