// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code domain} parameter: keys of other domains, and keys without one, are not asked for. It spares the server
 * lookups that cannot find anything.
 * Thread: any; it blocks where a table in the list does.
 */
final class DomainFilter {
    /** A file that names itself is a mistake that must end. */
    private static final int NESTING_MAX = 10;

    private final List<Pattern> patterns;

    /** Of a domain or a table of domains; the first that matches decides. */
    private record Pattern(
            boolean negated, String domain, @Nullable Table table) {}

    private DomainFilter(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    static DomainFilter read(TableParameters parameters, TableHost host) {
        List<Pattern> patterns = new ArrayList<>();
        try {
            collect(parameters.words("domain", ""), false, host, 0, patterns);
        } catch (ConfigException e) {
            throw parameters.bad("domain", "domains, files of them, and tables: " + e.getMessage());
        }
        return new DomainFilter(patterns);
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

    /** What can be answered without a question to the server; null: it has to be asked. */
    @Nullable
    TableAnswer answerWithout(LookupKey key) {
        if (patterns.isEmpty()) {
            return null;
        }
        String domain = key.domain().toLowerCase(Locale.ROOT);
        // @example.com, the key for all of a domain, is left out too, as in Postfix.
        if (domain.isEmpty() || key.user().isEmpty()) {
            return TableAnswer.notFound();
        }
        for (Pattern pattern : patterns) {
            TableAnswer inTable = pattern.table == null ? null : pattern.table.lookup(domain);
            if (inTable != null && inTable.isUnavailable()) {
                return inTable;
            }
            if (inTable == null ? pattern.domain.equals(domain) : inTable.isFound()) {
                return pattern.negated ? TableAnswer.notFound() : null;
            }
        }
        return TableAnswer.notFound();
    }

    void close() {
        for (Pattern pattern : patterns) {
            if (pattern.table != null) {
                pattern.table.close();
            }
        }
    }
}
