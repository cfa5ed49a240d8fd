// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says, or is said to say by {@code -o}.
 * Thread: main.
 */
public final class MainFile {
    /** Parameters that each process has for itself, whatever the file says. */
    static final List<String> READ_ONLY = List.of("process_name", "process_id", "service_name");

    private static final String CONFIG_DIRECTORY = "config_directory";

    private final String name;
    private final Map<String, String> values = new LinkedHashMap<>();

    private MainFile(Path file) {
        this.name = file.toString();
    }

    /** Of a configuration of which nothing is known but where it is. */
    public static MainFile empty(String directory) {
        return new MainFile(Path.of(directory, "main.cf"));
    }

    public static MainFile read(String directory, Warnings warnings) {
        Path file = Path.of(directory, "main.cf");
        MainFile main = new MainFile(file);
        main.values.putAll(values(main.name, ConfigFile.read(file), warnings));
        // Where the files are is not theirs to say.
        main.values.put(CONFIG_DIRECTORY, directory);
        return main;
    }

    /** What a file in the syntax of main.cf says; {@code name} stands in messages. */
    static Map<String, String> values(String name, String text, Warnings warnings) {
        Map<String, String> values = new LinkedHashMap<>();
        for (LogicalLine line : LogicalLine.split(text)) {
            if (line.startsWithSpace()) {
                warnings.warn(name + ": " + line.leadingSpaceText());
                continue;
            }
            NameValue entry;
            try {
                entry = NameValue.parse(line.text());
            } catch (ConfigException e) {
                throw new ConfigException(name + ", line " + line.number() + ": " + e.getMessage());
            }
            String earlier = values.put(entry.name(), entry.value());
            if (earlier != null && !earlier.equals(entry.value())) {
                warnings.warn(name + ", line " + line.number() + ": overriding earlier entry: " + entry.name() + "="
                        + earlier);
            }
        }
        return values;
    }

    /** {@code name=value} of {@code -o}. */
    public void override(String text) {
        try {
            NameValue entry = NameValue.parse(text);
            values.put(entry.name(), entry.value());
        } catch (ConfigException e) {
            String why = String.valueOf(e.getMessage());
            throw new ConfigException(
                    "invalid parameter override: " + text + ": " + why.substring(0, why.indexOf(':')));
        }
    }

    @Nullable
    String find(String parameter) {
        return READ_ONLY.contains(parameter) ? null : values.get(parameter);
    }

    /** In the order of the file. */
    public Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }

    /** Stands in messages. */
    public String name() {
        return name;
    }
}
