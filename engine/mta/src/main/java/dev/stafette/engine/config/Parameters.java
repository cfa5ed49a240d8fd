// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.Parameter.Applies;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one table of parameters: {@code parameters.txt}, beside this class. Types, defaults, checks and the reference in
 * {@code conf/README.md} come from it.
 * Thread: any (it does not change).
 */
public final class Parameters {
    private static final String TABLE = "parameters.txt";

    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private final List<Parameter> perTransport = new ArrayList<>();

    private Parameters() {}

    private static final class Holder {
        private static final Parameters TABLE_READ = read(resource(TABLE));
    }

    public static Parameters table() {
        return Holder.TABLE_READ;
    }

    static Parameters read(String text) {
        Parameters parameters = new Parameters();
        String section = "";
        @Nullable String head = null;
        for (String line : text.split("\n")) {
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            if (line.charAt(0) == '[') {
                section = line.substring(1, line.length() - 1);
            } else if (line.charAt(0) != '\t') {
                head = line;
            } else if (head != null) {
                parameters.add(row(section, head, line.substring(1)));
                head = null;
            } else {
                throw new IllegalStateException(TABLE + ": no name above: " + line);
            }
        }
        return parameters;
    }

    private void add(Parameter parameter) {
        if (parameter.isPerTransport()) {
            perTransport.add(parameter);
        }
        if (byName.put(parameter.name(), parameter) != null) {
            throw new IllegalStateException(TABLE + ": twice: " + parameter.name());
        }
    }

    private static Parameter row(String section, String head, String tail) {
        int equals = head.indexOf(" =");
        String name = equals < 0 ? head : head.substring(0, equals);
        @Nullable String defaultText = equals < 0 ? null : LogicalLine.trim(head.substring(equals + 2));
        int typeEnd = tail.indexOf(" | ");
        int appliesEnd = tail.indexOf(" | ", typeEnd + 3);
        if (typeEnd < 0 || appliesEnd < 0) {
            throw new IllegalStateException(TABLE + ": " + name + ": " + tail);
        }
        String appliesText = tail.substring(typeEnd + 3, appliesEnd);
        for (Applies applies : Applies.values()) {
            if (applies.text().equals(appliesText)) {
                ValueType<?> type = type(tail.substring(0, typeEnd));
                return new Parameter(name, section, type, defaultText, applies, tail.substring(appliesEnd + 3));
            }
        }
        throw new IllegalStateException(TABLE + ": " + name + ": " + appliesText);
    }

    private static ValueType<?> type(String text) {
        List<String> words = ConfigWords.split(text);
        return switch (words.get(0)) {
            case "text" -> new ValueType.Text();
            case "raw" -> new ValueType.RawText();
            case "path" -> new ValueType.PathText();
            case "bool" -> new ValueType.Flag();
            case "int" -> {
                long[] range = range(words.get(1), Integer.MAX_VALUE);
                yield new ValueType.Count((int) range[0], (int) range[1]);
            }
            case "size" -> {
                long[] range = range(words.get(1), Long.MAX_VALUE);
                yield new ValueType.Size(range[0], range[1]);
            }
            case "time" -> {
                long[] range = range(words.get(2), Integer.MAX_VALUE);
                yield new ValueType.Time(words.get(1).charAt(0), range[0], range[1]);
            }
            case "choice" -> new ValueType.Choice(words.subList(1, words.size()));
            case "words" -> new ValueType.Words();
            case "domains" -> new ValueType.Domains();
            case "networks" -> new ValueType.Networks();
            case "feedback" -> new ValueType.FeedbackAmount();
            default -> throw new IllegalStateException(TABLE + ": type: " + text);
        };
    }

    private static long[] range(String text, long open) {
        int dots = text.indexOf("..");
        String max = text.substring(dots + 2);
        return new long[] {Long.parseLong(text.substring(0, dots)), max.isEmpty() ? open : Long.parseLong(max)};
    }

    /** In the order of the table. */
    public Collection<Parameter> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Also the parameter of a transport, under the name that holds for it; null when there is none. */
    public @Nullable Parameter find(String name, Collection<String> transports) {
        Parameter exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        for (Parameter parameter : perTransport) {
            String suffix = parameter.suffix();
            int prefixLength = name.length() - suffix.length();
            if (prefixLength > 0 && name.endsWith(suffix) && transports.contains(name.substring(0, prefixLength))) {
                return parameter;
            }
        }
        return null;
    }

    static String resource(String name) {
        try (InputStream in = Parameters.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
