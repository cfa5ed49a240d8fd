// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What master.cf and main.cf say of one program that answers on a socket.
 * Thread: any (a value).
 *
 * @param command its words, as they are
 */
record SpawnSettings(
        String user,
        String group,
        List<String> command,
        Map<String, String> environment,
        String queueDirectory,
        Duration timeLimit) {
    /** {@code settings}: of the row. */
    static SpawnSettings of(ServiceRow row, Settings settings, Path queueDirectory) {
        List<String> words = row.arguments();
        String user = "";
        int at = 0;
        while (at < words.size() && !has(words.get(at), "argv=")) {
            if (!has(words.get(at), "user=")) {
                throw wrong(row, "attribute", words.get(at), "user=, and at the end argv=");
            }
            user = words.get(at).substring("user=".length());
            at++;
        }
        int colon = user.indexOf(':');
        if (user.isEmpty() || colon == 0) {
            throw wrong(row, "user", user, "user, or user:group");
        }
        List<String> command = new ArrayList<>(words.subList(at, words.size()));
        if (command.isEmpty() || command.get(0).length() == "argv=".length()) {
            throw wrong(row, "argv", "", "the words of a command");
        }
        command.set(0, command.get(0).substring("argv=".length()));
        return new SpawnSettings(
                colon < 0 ? user : user.substring(0, colon),
                colon < 0 ? "" : user.substring(colon + 1),
                List.copyOf(command),
                ProgramEnvironment.of(settings).variables(),
                queueDirectory.toString(),
                settings.time(row.name() + "_time_limit"));
    }

    private static boolean has(String word, String attribute) {
        return word.toLowerCase(Locale.ROOT).startsWith(attribute);
    }

    private static ConfigException wrong(ServiceRow row, String attribute, String value, String expected) {
        return ConfigException.badColumn(row.origin(), row.name(), attribute, value, expected);
    }
}
