// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of main.cf: names and their values as they are written, and where.
 * Thread: any (it does not change).
 *
 * <p>{@code name = value} on a logical line; white space around both is dropped, there is no quoting, and {@code #} after
 * a value belongs to it. Of two lines with one name the last holds, with a warning.
 */
public final class MainCf {
    private final String file;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private MainCf(String file) {
        this.file = file;
    }

    /** One parameter as it is written. */
    public record Entry(String name, String value, int line) {}

    /** {@code file} stands in messages. */
    public static MainCf parse(String file, String text) {
        MainCf mainCf = new MainCf(file);
        for (LogicalLine line : LogicalLine.split(text)) {
            mainCf.add(line);
        }
        return mainCf;
    }

    /** Of values that somebody else has read. */
    public static MainCf of(String file, Map<String, String> values) {
        MainCf mainCf = new MainCf(file);
        for (Map.Entry<String, String> value : values.entrySet()) {
            mainCf.entries.put(value.getKey(), new Entry(value.getKey(), value.getValue(), 0));
        }
        return mainCf;
    }

    private void add(LogicalLine line) {
        String origin = file + ":" + line.number();
        if (line.startsWithSpace()) {
            warnings.add(origin + ": " + line.leadingSpaceText());
            return;
        }
        String text = line.text();
        int nameEnd = 0;
        while (nameEnd < text.length() && text.charAt(nameEnd) != '=' && !LogicalLine.isSpace(text.charAt(nameEnd))) {
            nameEnd++;
        }
        String name = text.substring(0, nameEnd);
        if (name.isEmpty()) {
            throw new ConfigException(origin + ": missing parameter name: \"" + text + "\" (expected: name = value)");
        }
        String rest = LogicalLine.trim(text.substring(nameEnd));
        if (rest.isEmpty() || rest.charAt(0) != '=') {
            throw new ConfigException(
                    origin + ": missing '=' after parameter name: \"" + text + "\" (expected: name = value)");
        }
        Entry entry = new Entry(name, LogicalLine.trim(rest.substring(1)), line.number());
        Entry earlier = entries.put(name, entry);
        if (earlier != null && !earlier.value().equals(entry.value())) {
            warnings.add(origin + ": overriding earlier entry: " + name + "=" + earlier.value());
        }
    }

    public @Nullable Entry find(String name) {
        return entries.get(name);
    }

    public Collection<Entry> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }

    /** File and line, as messages show them; the file alone for a parameter that is not set. */
    public String originOf(String name) {
        Entry entry = entries.get(name);
        return entry == null ? file : file + ":" + entry.line();
    }

    public List<String> warnings() {
        return Collections.unmodifiableList(warnings);
    }
}
