// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.MainCf;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the source of a table that asks a server says: {@code name = value} lines in a file of its own, or parameters of
 * main.cf that begin with the table's name.
 * Thread: start-up and reload.
 *
 * <p>A wrong value is a {@link ConfigException} that names file, line and parameter.
 */
public final class TableParameters {
    private final String table;
    private final Source source;
    private final PortNames ports;

    private TableParameters(String table, Source source, PortNames ports) {
        this.table = table;
        this.source = source;
        this.ports = ports;
    }

    /** Where values are written. */
    private interface Source {
        @Nullable
        String find(String name);

        /** File, and line where there is one. */
        String originOf(String name);

        /** What the parameter is called there. */
        String nameOf(String name);
    }

    /** A name that begins with a slash or a dot is a file; another one is what parameters of main.cf begin with. */
    public static TableParameters read(TableSpec spec, TableHost host) {
        char first = spec.name().charAt(0);
        if (first != '/' && first != '.') {
            return new TableParameters(spec.toString(), new InMainCf(spec.name(), host), host.ports());
        }
        Path file = host.file(spec.name());
        MainCf lines = MainCf.parse(file.toString(), textOf(file));
        lines.warnings().forEach(host::warn);
        return new TableParameters(spec.toString(), new InFile(lines), host.ports());
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file (expected: a table's source)");
        } catch (IOException e) {
            String why = Files.isReadable(file) ? e.toString() : "permission denied";
            throw new ConfigException(file + ": " + why + " (expected: a file that can be read)");
        }
    }

    private record InFile(MainCf lines) implements Source {
        @Override
        public @Nullable String find(String name) {
            MainCf.Entry entry = lines.find(name);
            return entry == null ? null : entry.value();
        }

        @Override
        public String originOf(String name) {
            return lines.originOf(name);
        }

        @Override
        public String nameOf(String name) {
            return name;
        }
    }

    private record InMainCf(String prefix, TableHost host) implements Source {
        @Override
        public @Nullable String find(String name) {
            // An empty value is none: the host does not tell them apart, and no default differs from it.
            String value = host.expand("${" + nameOf(name) + "}");
            return value.isEmpty() ? null : value;
        }

        @Override
        public String originOf(String name) {
            return "main.cf";
        }

        @Override
        public String nameOf(String name) {
            return prefix + "_" + name;
        }
    }

    /** As messages show the table: {@code type:name}. */
    public String table() {
        return table;
    }

    public boolean has(String name) {
        return source.find(name) != null;
    }

    public String text(String name, String otherwise) {
        String value = source.find(name);
        return value == null ? otherwise : value;
    }

    public String required(String name) {
        String value = source.find(name);
        if (value == null || value.isEmpty()) {
            throw new ConfigException(source.originOf(name) + ": parameter '" + source.nameOf(name)
                    + "': not set (expected: a value, which " + table + " needs)");
        }
        return value;
    }

    public boolean flag(String name, boolean otherwise) {
        String value = source.find(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw bad(name, "yes or no");
        };
    }

    public int count(String name, int otherwise, int min) {
        String value = source.find(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int count = Integer.parseInt(value);
            if (count >= min) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw bad(name, "a number, " + min + " or more");
        }
        throw bad(name, "a number, " + min + " or more");
    }

    /** In seconds unless a unit follows; given out in milliseconds. */
    public long timeMs(String name, long otherwiseMs, long minMs) {
        String value = source.find(name);
        if (value == null) {
            return otherwiseMs;
        }
        int last = value.length() - 1;
        int unit = last < 0 ? -1 : "smhdw".indexOf(value.charAt(last));
        long unitMs = new long[] {1000, 60_000, 3_600_000, 86_400_000, 604_800_000}[Math.max(unit, 0)];
        try {
            long ms = Math.multiplyExact(Integer.parseInt(unit < 0 ? value : value.substring(0, last)), unitMs);
            if (ms >= minMs) {
                return ms;
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw bad(name, "a time, such as 10 or 10s");
        }
        throw bad(name, "a time of " + minMs / 1000 + "s or more");
    }

    public String choice(String name, String otherwise, List<String> choices) {
        String value = text(name, otherwise).toLowerCase(Locale.ROOT);
        if (!choices.contains(value)) {
            throw bad(name, String.join(", ", choices));
        }
        return value;
    }

    /** Between commas and white space. */
    public List<String> words(String name, String otherwise) {
        return split(text(name, otherwise));
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("[,\\s]+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    public KeyTemplate template(String name, String otherwise) {
        try {
            return KeyTemplate.parse(text(name, otherwise));
        } catch (IllegalArgumentException e) {
            throw bad(name, String.valueOf(e.getMessage()));
        }
    }

    /** At least one. */
    public List<ServerAddress> servers(String name, String otherwise, int defaultPort) {
        List<ServerAddress> servers = new ArrayList<>();
        for (String word : words(name, otherwise)) {
            try {
                servers.add(ServerAddress.parse(word, defaultPort, ports));
            } catch (IllegalArgumentException e) {
                throw bad(name, String.valueOf(e.getMessage()));
            }
        }
        if (servers.isEmpty()) {
            throw bad(name, "the address of a server");
        }
        return servers;
    }

    /** For what only the table itself knows to be wrong. */
    public ConfigException bad(String name, String expected) {
        String value = source.find(name);
        return new ConfigException(source.originOf(name) + ": parameter '" + source.nameOf(name) + "': "
                + (value == null ? "not set" : value) + " (expected: " + expected + ")");
    }
}
