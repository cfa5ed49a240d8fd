// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes main.cf: {@code postconf -e}, {@code -X} and {@code -#}.
 * Thread: main.
 */
public final class MainEdit {
    private final EditKind kind;
    private final Warnings warnings;

    public MainEdit(EditKind kind, Warnings warnings) {
        this.kind = kind;
        this.warnings = warnings;
    }

    /** {@code words}: {@code name=value} to set, or names. */
    public void run(String directory, List<String> words) {
        Map<String, String> wanted = kind == EditKind.SET ? assignments(words) : names(words);
        try (FileEdit file = FileEdit.begin(Path.of(directory, "main.cf"))) {
            EditedText text = new EditedText(file.text());
            edit(text, wanted, Path.of(directory, "main.cf").toString());
            file.commit(text.text());
        }
    }

    /** Names to the lines that shall say what they are. */
    private Map<String, String> assignments(List<String> words) {
        Map<String, String> assignments = new LinkedHashMap<>();
        for (String word : words) {
            checkWord(word);
            NameValue entry = NameValue.parse(word);
            String earlier = assignments.put(entry.name(), entry.name() + " = " + entry.value());
            if (earlier != null) {
                warnings.warn("ignoring earlier request: '" + earlier + "'");
            }
        }
        return assignments;
    }

    private static Map<String, String> names(List<String> words) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String word : words) {
            checkWord(word);
            String name = LogicalLine.trim(word);
            if (name.isEmpty()) {
                throw new ConfigException("-X or -# requires non-blank parameter names");
            }
            names.put(name, "");
        }
        return names;
    }

    private static void checkWord(String word) {
        if (word.indexOf('\n') >= 0) {
            throw new ConfigException("-e, -X, or -# accepts no multi-line input");
        }
        String trimmed = LogicalLine.trim(word);
        if (!trimmed.isEmpty() && trimmed.charAt(0) == '#') {
            throw new ConfigException("-e, -X, or -# accepts no comment input");
        }
    }

    private void edit(EditedText text, Map<String, String> wanted, String file) {
        Set<String> seen = new HashSet<>();
        for (EditedText.Entry entry : text.entries()) {
            String name = nameOf(entry.text());
            String line = wanted.get(name);
            if (line == null) {
                continue;
            }
            if (!seen.add(name)) {
                warnings.warn(file + ": multiple entries for \"" + name + "\"");
            }
            switch (kind) {
                case SET -> entry.replaceBy(line);
                case REMOVE -> entry.remove();
                case COMMENT_OUT -> entry.commentOut();
            }
        }
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (kind == EditKind.SET && !seen.contains(entry.getKey())) {
                text.add(entry.getValue());
            }
        }
    }

    /** What a line that is no assignment begins with is no name, but will not be asked for either. */
    private static String nameOf(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != '=' && !LogicalLine.isSpace(line.charAt(end))) {
            end++;
        }
        return line.substring(0, end);
    }
}
