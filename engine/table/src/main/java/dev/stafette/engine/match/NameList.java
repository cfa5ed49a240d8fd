// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A list of names, {@code /files} of them, and tables that know them; {@code !} turns around what a match means, and the
 * first that matches decides.
 * Thread: any.
 */
public final class NameList {
    private static final TableAnswer IN = TableAnswer.found("");

    private final List<Element> elements;

    private record Element(
            Patterns.Pattern pattern, @Nullable Table table) {}

    private NameList(List<Element> elements) {
        this.elements = elements;
    }

    /** Throws a ConfigException for a table that cannot be opened. A file that cannot be read is a table without answers. */
    public static NameList read(List<String> words, TableHost host) {
        return read(words, file -> Files.readString(host.file(file.toString())), host::open);
    }

    /** As above; {@code files} reads those that the list names. */
    public static NameList read(List<String> words, Patterns.TextSource files, ListTables tables) {
        List<Element> elements = new ArrayList<>();
        for (Patterns.Pattern pattern : Patterns.of(words, files)) {
            elements.add(new Element(pattern, pattern.isTable() ? tables.open(pattern.text()) : null));
        }
        return new NameList(elements);
    }

    public boolean isEmpty() {
        return elements.isEmpty();
    }

    /** Found: it is in the list. Names are the same in capitals; what a table makes of them is its own. */
    public TableAnswer find(String name, Inquiry inquiry) {
        String folded = name.toLowerCase(Locale.ROOT);
        for (Element element : elements) {
            Patterns.Pattern pattern = element.pattern;
            TableAnswer inTable = element.table == null ? null : element.table.lookup(name, inquiry);
            if (inTable != null && inTable.isUnavailable()) {
                return inTable;
            }
            if (inTable == null ? pattern.folded().equals(folded) : inTable.isFound()) {
                return pattern.negated() ? TableAnswer.notFound() : IN;
            }
        }
        return TableAnswer.notFound();
    }

    public void close() {
        for (Element element : elements) {
            if (element.table != null) {
                element.table.close();
            }
        }
    }
}
