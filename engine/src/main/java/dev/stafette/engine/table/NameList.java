// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A list of names, {@code /files} of them, and tables that know them; {@code !} turns around what a match means, and the
 * first that matches decides.
 * Thread: any; it blocks where a table does.
 */
public final class NameList {
    /** A file that names itself is a mistake that must end. */
    private static final int NESTING_MAX = 10;

    private static final TableAnswer IN = TableAnswer.found("");

    private final List<Pattern> patterns;

    private record Pattern(
            boolean negated, String name, @Nullable Table table) {}

    private NameList(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    /** Throws a ConfigException for a file that cannot be read, or a table that cannot be opened. */
    public static NameList read(List<String> words, TableHost host) {
        List<Pattern> patterns = new ArrayList<>();
        collect(words, false, host, 0, patterns);
        return new NameList(patterns);
    }

    private static void collect(List<String> words, boolean negated, TableHost host, int nesting, List<Pattern> to) {
        for (String word : words) {
            boolean turned = negated;
            String text = word;
            while (text.startsWith("!")) {
                turned = !turned;
                text = text.substring(1);
            }
            if (text.startsWith("/")) {
                if (nesting == NESTING_MAX) {
                    throw new ConfigException(text + " is in a file that it names");
                }
                collect(TableParameters.wordsOfFile(host.file(text)), turned, host, nesting + 1, to);
            } else if (text.indexOf(':') > 0) {
                to.add(new Pattern(turned, "", host.open(text)));
            } else {
                to.add(new Pattern(turned, text.toLowerCase(Locale.ROOT), null));
            }
        }
    }

    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Found: it is in the list. Names are the same in capitals; what a table makes of them is its own. */
    public TableAnswer find(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        for (Pattern pattern : patterns) {
            TableAnswer inTable = pattern.table == null ? null : pattern.table.lookup(name);
            if (inTable != null && inTable.isUnavailable()) {
                return inTable;
            }
            if (inTable == null ? pattern.name.equals(folded) : inTable.isFound()) {
                return pattern.negated ? TableAnswer.notFound() : IN;
            }
        }
        return TableAnswer.notFound();
    }

    public void close() {
        for (Pattern pattern : patterns) {
            if (pattern.table != null) {
                pattern.table.close();
            }
        }
    }
}
