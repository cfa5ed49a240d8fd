// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.ServiceRow.Type;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of master.cf: one service a logical line, in eight columns.
 * Thread: any (it does not change).
 *
 * <pre>
 * service  type  private  unpriv  chroot  wakeup  maxproc  command + arguments
 * smtp     inet  n        -       n       -       -        smtpd -o smtpd_timeout=30s -o { smtpd_banner = $myhostname hi }
 * </pre>
 *
 * {@code -} stands for the default: private yes, unprivileged yes, chroot no, no wake-up, {@code default_process_limit}.
 * Of two rows with one name and type the last holds, with a warning.
 */
public final class MasterCf {
    private static final int COLUMNS = 8;
    private static final String EXPECTED_COLUMNS =
            "service type private unpriv chroot wakeup maxproc command [arguments]";

    private final Map<String, ServiceRow> rows = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private MasterCf() {}

    /** {@code file} stands in messages. */
    public static MasterCf parse(String file, String text) {
        MasterCf masterCf = new MasterCf();
        for (LogicalLine line : LogicalLine.split(text)) {
            String origin = file + ":" + line.number();
            if (line.startsWithSpace()) {
                masterCf.warnings.add(
                        origin + ": logical line must not start with white space: \"" + line.text() + "\"");
                continue;
            }
            masterCf.add(new RowReader(origin, line.text()).read());
        }
        return masterCf;
    }

    private void add(ServiceRow row) {
        String key = row.name() + "/" + row.type().text();
        ServiceRow earlier = rows.remove(key);
        if (earlier != null) {
            warnings.add(row.origin() + ": overriding earlier entry: " + key + " of " + earlier.origin());
        }
        rows.put(key, row);
    }

    /** In the order of the file. */
    public Collection<ServiceRow> rows() {
        return Collections.unmodifiableCollection(rows.values());
    }

    public @Nullable ServiceRow find(String name, Type type) {
        return rows.get(name + "/" + type.text());
    }

    public List<String> warnings() {
        return Collections.unmodifiableList(warnings);
    }

    /** Reads one row. */
    private static final class RowReader {
        private final String origin;
        private final List<String> words;

        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> overrides = new LinkedHashMap<>();
        private boolean verbose;

        RowReader(String origin, String text) {
            this.origin = origin;
            this.words = ConfigWords.splitRow(text);
        }

        ServiceRow read() {
            if (words.size() < COLUMNS) {
                throw new ConfigException(
                        origin + ": " + words.size() + " columns (expected: " + EXPECTED_COLUMNS + ")");
            }
            Type type = type(words.get(1));
            boolean isPrivate = flag("private", words.get(2), true);
            if (type == Type.INET && isPrivate) {
                throw bad("private", words.get(2), "n, as the type is inet");
            }
            String wakeup = words.get(5);
            boolean wakeupIfUsed = wakeup.endsWith("?");
            readArguments();
            return new ServiceRow(
                    words.get(0),
                    type,
                    isPrivate,
                    flag("unpriv", words.get(3), true),
                    flag("chroot", words.get(4), false),
                    count("wakeup", wakeupIfUsed ? wakeup.substring(0, wakeup.length() - 1) : wakeup, 0),
                    wakeupIfUsed,
                    count("maxproc", words.get(6), ServiceRow.PROCESSES_DEFAULT),
                    words.get(7),
                    arguments,
                    overrides,
                    verbose,
                    origin);
        }

        private Type type(String word) {
            for (Type type : Type.values()) {
                if (type.text().equals(word)) {
                    return type;
                }
            }
            throw bad("type", word, "inet, unix, unix-dgram, fifo or pass");
        }

        private boolean flag(String column, String word, boolean absent) {
            return switch (word) {
                case "-" -> absent;
                case "y" -> true;
                case "n" -> false;
                default -> throw bad(column, word, "y, n or -");
            };
        }

        private int count(String column, String word, int absent) {
            if (word.equals("-")) {
                return absent;
            }
            try {
                int value = Integer.parseInt(word);
                if (value >= 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw bad(column, word, "0 or more, or -");
            }
            throw bad(column, word, "0 or more, or -");
        }

        private void readArguments() {
            for (int i = COLUMNS; i < words.size(); i++) {
                String word = words.get(i);
                if (!arguments.isEmpty()) {
                    // Behind the first of its own a program has no options: they may be those of a command.
                    addArgument(word);
                } else if (word.equals("-o")) {
                    i++;
                    if (i == words.size()) {
                        throw bad("-o", "nothing", "name=value or { name = value }");
                    }
                    readOverride(words.get(i));
                } else if (word.startsWith("-o")) {
                    readOverride(word.substring(2));
                } else if (isRepeated(word, 'v')) {
                    verbose = true;
                } else if (!isRepeated(word, 'D')) {
                    addArgument(word);
                }
            }
        }

        private void addArgument(String word) {
            arguments.add(word.startsWith("{") ? inside(word) : word);
        }

        private static boolean isRepeated(String word, char letter) {
            if (word.length() < 2 || word.charAt(0) != '-') {
                return false;
            }
            for (int i = 1; i < word.length(); i++) {
                if (word.charAt(i) != letter) {
                    return false;
                }
            }
            return true;
        }

        private String inside(String braced) {
            return ConfigWords.inside(braced, problem -> {
                throw new ConfigException(origin + ": " + problem);
            });
        }

        private void readOverride(String word) {
            boolean braced = word.startsWith("{");
            String text = braced ? inside(word) : word;
            int equals = text.indexOf('=');
            String name = equals < 0 ? "" : text.substring(0, equals);
            String value = equals < 0 ? "" : text.substring(equals + 1);
            if (braced) {
                name = LogicalLine.trim(name);
                value = LogicalLine.trim(value);
            }
            if (name.isEmpty()) {
                throw bad("-o", word, "name=value or { name = value }");
            }
            overrides.put(name, value);
        }

        private ConfigException bad(String column, String value, String expected) {
            return ConfigException.badColumn(origin, words.get(0), column, value, expected);
        }
    }
}
