// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of master.cf, as text.
 * Thread: main. It changes only when it is edited.
 */
public final class ServiceLine {
    /** The columns before the command, in order. */
    static final int SERVICE = 0;

    static final int TYPE = 1;
    static final int PRIVATE = 2;
    static final int CHROOT = 4;
    static final int WAKEUP = 5;
    static final int PROCESS_LIMIT = 6;
    static final int COMMAND = 7;

    /** What each is called by {@code postconf -F}. */
    static final List<String> FIELD_NAMES =
            List.of("service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command");

    private static final List<String> TYPES = List.of("inet", "unix", "fifo", "pass", "unix-dgram");

    private final String[] columns;
    private final List<String> command;

    private ServiceLine(String[] columns, List<String> command) {
        this.columns = columns;
        this.command = command;
    }

    /** Throws a {@link ConfigException} that names file and line only for a row without its columns, as Postfix does. */
    static ServiceLine parse(String origin, String text, Warnings warnings) {
        List<String> words = ConfigWords.splitRow(text);
        if (words.size() <= COMMAND) {
            throw new ConfigException(origin + ": bad field count");
        }
        String[] columns = words.subList(0, COMMAND).toArray(new String[0]);
        for (int field = TYPE; field < COMMAND; field++) {
            if (!isValid(field, columns[field])) {
                throw new ConfigException(
                        "invalid " + FIELD_NAMES.get(field) + " field \"" + columns[field] + "\" in \"" + text + "\"");
            }
        }
        return new ServiceLine(columns, normalised(words.subList(COMMAND, words.size()), warnings));
    }

    static boolean isValid(int field, String word) {
        return switch (field) {
            case SERVICE, COMMAND -> !word.isEmpty();
            case TYPE -> TYPES.contains(word);
            case WAKEUP ->
                word.equals("-") || isNumber(word.endsWith("?") ? word.substring(0, word.length() - 1) : word);
            case PROCESS_LIMIT -> word.equals("-") || isNumber(word);
            default -> word.equals("-") || word.equals("y") || word.equals("n");
        };
    }

    private static boolean isNumber(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < '0' || word.charAt(i) > '9') {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /** Each argument without its braces; {@code -o} a word of its own, and its argument as {@code name=value}. */
    private static List<String> normalised(List<String> words, Warnings warnings) {
        List<String> command = new ArrayList<>();
        boolean inFlags = true;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            inFlags &= i == 0 || isFlag(word);
            int override = i > 0 && inFlags ? word.indexOf('o') : -1;
            if (override < 0) {
                command.add(i > 0 && word.startsWith("{") ? MasterWords.inside(word, warnings) : word);
                continue;
            }
            if (override > 1) {
                command.add(word.substring(0, override));
            }
            command.add("-o");
            if (override + 1 < word.length()) {
                command.add(override(word.substring(override + 1), warnings));
            } else if (i + 1 < words.size()) {
                command.add(override(words.get(++i), warnings));
            }
        }
        return command;
    }

    private static String override(String word, Warnings warnings) {
        if (!word.startsWith("{")) {
            return word;
        }
        String inside = MasterWords.inside(word, warnings);
        try {
            NameValue entry = NameValue.parse(inside);
            return entry.name() + "=" + entry.value();
        } catch (ConfigException e) {
            warnings.warn("master.cf: " + e.getMessage());
            return inside;
        }
    }

    String name() {
        return columns[SERVICE];
    }

    String type() {
        return columns[TYPE];
    }

    /** {@code service/type}. */
    String key() {
        return name() + "/" + type();
    }

    /** The first word of the command. */
    String program() {
        return command.get(0);
    }

    String column(int field) {
        return columns[field];
    }

    /** Program and arguments; an argument has no braces, even if there is white space in it. */
    List<String> command() {
        return command;
    }

    /** Any of the fields; the command as words, with braces. */
    void set(int field, String text, Warnings warnings) {
        if (field == COMMAND) {
            List<String> words = normalised(ConfigWords.splitRow(text), warnings);
            command.clear();
            command.addAll(words);
        } else {
            columns[field] = text;
        }
    }

    /** Wherever it is said, or else as a new one; {@code text}: {@code name=value}, null: not at all. */
    void setOverride(String name, @Nullable String text) {
        boolean isDone = text == null;
        int i = 1;
        while (i + 1 < flagsEnd()) {
            boolean isOverride = command.get(i).equals("-o");
            if (!isOverride || !command.get(i + 1).startsWith(name + "=")) {
                i += isOverride ? 2 : 1;
            } else if (text == null) {
                command.subList(i, i + 2).clear();
            } else {
                command.set(i + 1, text);
                isDone = true;
                i += 2;
            }
        }
        if (!isDone) {
            command.addAll(flagsEnd(), List.of("-o", String.valueOf(text)));
        }
    }

    /** Index of the first argument that is no flag of the program, nor the argument of one. */
    int flagsEnd() {
        int at = 1;
        while (at < command.size() && isFlag(command.get(at))) {
            at += command.get(at).equals("-o") && at + 1 < command.size() ? 2 : 1;
        }
        return at;
    }

    private static boolean isFlag(String word) {
        return word.length() > 1 && word.charAt(0) == '-' && !word.equals("--");
    }

    /** What {@code -o} says, in order; of two the last holds. */
    Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>();
        int end = flagsEnd();
        for (int i = 1; i + 1 < end; i++) {
            if (command.get(i).equals("-o")) {
                String text = command.get(++i);
                int equals = text.indexOf('=');
                if (equals > 0) {
                    overrides.put(text.substring(0, equals), text.substring(equals + 1));
                }
            }
        }
        return overrides;
    }
}
