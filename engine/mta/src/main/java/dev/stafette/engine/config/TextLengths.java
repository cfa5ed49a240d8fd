// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Texts that are too short or too long for a program of Postfix's, which says so in these words and does not run:
 * {@code text-lengths.txt}, beside this class. What no row's program reads may be of any length, as there.
 * Thread: any (it does not change).
 */
final class TextLengths {
    private static final String TABLE = "text-lengths.txt";
    private static final String EVERY = "every";
    private static final String COMMAND = "postfix";
    private static final String TLS = "tls";

    /** Their work is done whether they have rows or not. */
    private static final Set<String> ALWAYS = Set.of("bounce", "cleanup", "trivial-rewrite");

    /** Programs that may have TLS, and how its parameters begin. */
    private static final Map<String, String> TLS_PROGRAMS = Map.of("smtpd", "smtpd", "smtp", "smtp", "lmtp", "smtp");

    private final Map<String, List<Length>> byProgram = new LinkedHashMap<>();

    private TextLengths() {}

    private record Length(String name, int min, int max) {}

    private static final class Holder {
        private static final TextLengths TABLE_READ = read(Parameters.resource(TABLE));
    }

    static TextLengths table() {
        return Holder.TABLE_READ;
    }

    private static TextLengths read(String text) {
        TextLengths lengths = new TextLengths();
        List<Length> program = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("[")) {
                program = new ArrayList<>();
                lengths.byProgram.put(line.substring(1, line.length() - 1), program);
            } else if (!line.isEmpty() && line.charAt(0) != '#') {
                int space = line.indexOf(' ');
                int dots = line.indexOf("..");
                program.add(
                        space < 0
                                ? new Length(line, 1, Integer.MAX_VALUE)
                                : new Length(
                                        line.substring(0, space),
                                        Integer.parseInt(line.substring(space + 1, dots)),
                                        Integer.parseInt(line.substring(dots + 2))));
            }
        }
        return lengths;
    }

    /** {@code settings}: main.cf. A ConfigException says what is wrong. */
    void check(Settings settings, Collection<ServiceRow> rows) {
        check(EVERY, settings);
        check(COMMAND, settings);
        for (ServiceRow row : rows) {
            Settings ofRow = settings.forService(row);
            if (!row.overrides().isEmpty()) {
                check(EVERY, ofRow);
            }
            check(row.command(), ofRow);
            String tls = TLS_PROGRAMS.get(row.command());
            if (tls != null && hasTls(ofRow, tls)) {
                check(TLS, ofRow);
            }
        }
        for (String program : ALWAYS) {
            if (rows.stream().noneMatch(row -> row.command().equals(program))) {
                check(program, settings);
            }
        }
    }

    private static boolean hasTls(Settings settings, String prefix) {
        return !settings.text(prefix + "_tls_security_level").isEmpty()
                || settings.flag(prefix + "_use_tls")
                || settings.flag(prefix + "_enforce_tls");
    }

    private void check(String program, Settings settings) {
        for (Length length : byProgram.getOrDefault(program, List.of())) {
            check(length, settings);
        }
    }

    private static void check(Length allowed, Settings settings) {
        String name = allowed.name();
        Parameter parameter = Parameters.table().find(name, Set.of());
        boolean isRaw = parameter != null && parameter.isRaw();
        String text = isRaw ? settings.text(name) : settings.anyText(name);
        int length = text.length();
        if (length >= allowed.min() && length <= allowed.max()) {
            return;
        }
        String compared = length < allowed.min() ? length + " < " + allowed.min() : length + " > " + allowed.max();
        throw new ConfigException(settings.originOf(name) + ": bad string length "
                + (isRaw ? "(" + compared + ")" : compared) + ": " + name + " = " + text);
    }
}
