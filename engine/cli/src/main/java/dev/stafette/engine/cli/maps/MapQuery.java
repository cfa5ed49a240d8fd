// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.types.TableTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code -q}: asks tables for a key, for keys of standard input, or for the lines of a message there.
 * Thread: main.
 */
final class MapQuery {
    private final Terminal terminal;
    private final String program;
    private final MapFlags flags;
    private final MapRows rows;
    private final TableHost host;
    private final Function<String, TableSpec> specs;

    private final List<Opened> opened = new ArrayList<>();
    private boolean found;

    private record Opened(TableSpec spec, Table table) {}

    MapQuery(Terminal terminal, MapRows rows, MapFlags flags, TableHost host, Function<String, TableSpec> specs) {
        this.terminal = terminal;
        this.program = rows.program();
        this.flags = flags;
        this.rows = rows;
        this.host = host;
        this.specs = specs;
    }

    int run() throws IOException {
        try {
            if (!flags.key.equals("-")) {
                String value = value(flags.key);
                if (value != null) {
                    found = true;
                    terminal.out().println(flags.json ? json(flags.key, value) : value);
                }
            } else if (flags.headers || flags.body) {
                new MessageLines(terminal.in(), flags, this::askAndPrint).read();
            } else {
                if (flags.mime) {
                    terminal.warn(program, "ignoring -m option without -b or -h");
                }
                eachLine(terminal.in(), this::askAndPrint);
            }
        } finally {
            opened.forEach(one -> one.table().close());
        }
        return found ? ExitCode.OK : ExitCode.FAILED;
    }

    private void askAndPrint(String key) {
        String value = value(key);
        if (value != null) {
            found = true;
            terminal.out().println(flags.json ? json(key, value) : rows.listed(key, value));
        }
    }

    /** Of the first table that has the key; later ones are not even opened. */
    private @Nullable String value(String key) {
        for (int i = 0; i < flags.operands.size(); i++) {
            if (i == opened.size()) {
                TableSpec spec = specs.apply(flags.operands.get(i));
                TableTypes.check(spec);
                opened.add(new Opened(spec, host.open(spec)));
            }
            Opened one = opened.get(i);
            TableAnswer answer = one.table().lookup(key, Inquiry.BLOCKING);
            if (answer.isUnavailable()) {
                throw new ConfigException("table " + shown(one.spec()) + ": query error: " + answer.why());
            }
            if (answer.isFound()) {
                return checked(one.spec(), key, answer.value());
            }
        }
        return null;
    }

    private String checked(TableSpec spec, String key, String value) {
        if (value.isEmpty()) {
            terminal.warn(program, "table " + shown(spec) + ": key " + key + ": empty string result is not allowed");
            terminal.warn(program, "table " + shown(spec) + " should return NO RESULT in case of NOT FOUND");
        }
        if (!flags.valuesAreFiles) {
            return value;
        }
        try {
            return FileValues.decoded(spec, value);
        } catch (FileValues.UnreadableException e) {
            terminal.warn(program, "table " + shown(spec) + ": key " + key + ": " + e.getMessage());
            throw new ConfigException("table " + shown(spec) + ": query error");
        }
    }

    /** Some of Postfix's libraries name the file that they open. */
    static String shown(TableSpec spec) {
        return spec.type().equals("hash") || spec.type().equals("btree") ? spec + ".db" : spec.toString();
    }

    static String json(String key, String value) {
        return new JsonWriter().beginObject().key(key).value(value).endObject().toString();
    }

    static void eachLine(InputStream in, Consumer<String> line) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (@Nullable String text = reader.readLine(); text != null; text = reader.readLine()) {
            line.accept(text);
        }
    }
}
