// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The words that EHLO does not say, in upper case; what a table has for a client's address stands in the place of what holds
 * for all.
 * Thread: any (a value).
 */
public record HiddenKeywords(Set<String> ofAll, List<Table> byAddress) {
    private static final String SILENT = "SILENT-DISCARD";

    /** In the order in which Postfix logs them. */
    private static final List<String> KNOWN = List.of(
            "8BITMIME",
            "AUTH",
            "ETRN",
            "PIPELINING",
            "SIZE",
            "XVERP",
            "VRFY",
            "XCLIENT",
            "XFORWARD",
            "STARTTLS",
            "ENHANCEDSTATUSCODES",
            "DSN",
            "SMTPUTF8",
            "CHUNKING",
            "REQUIRETLS");

    /** {@code words}, {@code maps}: the parameters' names. */
    public static HiddenKeywords of(Settings settings, String words, String maps, ListTables tables) {
        return new HiddenKeywords(upperCase(settings.words(words)), settings.tables(maps, tables));
    }

    static Set<String> upperCase(Collection<String> words) {
        return words.stream()
                .map(word -> word.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Null: a table is out of order, so that nobody knows. */
    public @Nullable Set<String> find(InetAddress client, Inquiry inquiry) {
        return byAddress.isEmpty() ? ofAll : find(IpText.format(client), inquiry);
    }

    /** As the other, for an address in text form. */
    public @Nullable Set<String> find(String address, Inquiry inquiry) {
        TableAnswer answer = AddressKeys.findKey(byAddress, address, inquiry);
        return switch (answer.finding()) {
            case FOUND -> upperCase(ConfigWords.split(answer.value()));
            case NOT_FOUND -> ofAll;
            case UNAVAILABLE -> null;
        };
    }

    /** What is logged of it; empty: nothing is. */
    public static String text(Set<String> hidden) {
        return hidden.contains(SILENT)
                ? ""
                : KNOWN.stream().filter(hidden::contains).collect(Collectors.joining(" "));
    }
}
