// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code domain} parameter: keys of other domains, and keys without one, are not asked for. It spares the server
 * lookups that cannot find anything.
 * Thread: any.
 */
public final class DomainFilter {
    private final NameList domains;

    private DomainFilter(NameList domains) {
        this.domains = domains;
    }

    public static DomainFilter read(TableParameters parameters, TableHost host) {
        try {
            return new DomainFilter(NameList.read(parameters.words("domain", ""), host));
        } catch (ConfigException e) {
            throw parameters.bad("domain", "domains, files of them, and tables: " + e.getMessage());
        }
    }

    /** What can be answered without a question to the server; null: it has to be asked. */
    @Nullable
    public TableAnswer answerWithout(LookupKey key, Inquiry inquiry) {
        if (domains.isEmpty()) {
            return null;
        }
        String domain = key.domain().toLowerCase(Locale.ROOT);
        // @example.com, the key for all of a domain, is left out too, as in Postfix.
        if (domain.isEmpty() || key.user().isEmpty()) {
            return TableAnswer.notFound();
        }
        TableAnswer listed = domains.find(domain, inquiry);
        return listed.isFound() ? null : listed;
    }

    public void close() {
        domains.close();
    }
}
