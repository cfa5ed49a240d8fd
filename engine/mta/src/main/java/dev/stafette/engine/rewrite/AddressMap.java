// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tables that have addresses for addresses, as mail_addr_map(3) asks them: canonical, virtual alias, generic.
 * Thread: any (it does not change).
 *
 * <p>A result is a list of addresses in their complete form. {@code @other.test} keeps the local part; an extension that the
 * key did not have is put into each address where propagate_unmatched_extensions says so.
 */
final class AddressMap {
    /** Words and separators of one result; an address of them has ten at most. */
    private static final int TOKENS_PER_ADDRESS = 64;

    private final String name;
    private final List<Table> tables;
    private final AddressKeys keys;
    private final AddressRewriter addresses;
    private final boolean propagates;

    /** {@code propagates}: extensions. */
    AddressMap(String name, List<Table> tables, AddressKeys keys, AddressRewriter addresses, boolean propagates) {
        this.name = name;
        this.tables = List.copyOf(tables);
        this.keys = keys;
        this.addresses = addresses;
        this.propagates = propagates;
    }

    /** {@code kind}: its word in propagate_unmatched_extensions. */
    static AddressMap of(
            String name,
            String kind,
            Settings settings,
            AddressKeys keys,
            AddressRewriter addresses,
            ListTables tables) {
        boolean propagates = settings.words("propagate_unmatched_extensions").contains(kind);
        return new AddressMap(name, settings.tables(name, tables), keys, addresses, propagates);
    }

    String name() {
        return name;
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** Null when it has none for that address, or cannot tell, which the run knows then. */
    @Nullable
    List<MailAddress> find(MailAddress address, int resultsMax, MappingRun run) {
        if (tables.isEmpty() || address.isNull()) {
            return null;
        }
        AddressMatch match = keys.find(tables, address, run.inquiry());
        if (match.answer().isUnavailable()) {
            run.onUnavailable(name, address.external(), match.answer());
            return null;
        }
        return match.answer().isFound()
                ? results(address, match.answer().value(), match.extension(), resultsMax)
                : null;
    }

    private List<MailAddress> results(MailAddress address, String value, String extension, int resultsMax) {
        if (value.isEmpty() || value.equals("<>")) {
            return List.of(MailAddress.NULL);
        }
        String text = value;
        if (value.charAt(0) == '@') {
            String user = address.localPart();
            text = MailAddress.of(user.substring(0, user.length() - extension.length()), "")
                            .external()
                    + value;
        }
        int tokensMax = (int) Math.min(Integer.MAX_VALUE, (long) resultsMax * TOKENS_PER_ADDRESS);
        List<AddressList.Item> items = AddressList.parse(text, tokensMax, resultsMax);
        List<MailAddress> results = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            MailAddress complete =
                    addresses.complete(AddressList.split(items.get(i).address()));
            results.add(propagates && !extension.isEmpty() ? extended(complete, extension) : complete);
        }
        return results;
    }

    private static MailAddress extended(MailAddress address, String extension) {
        return MailAddress.of(address.localPart() + extension, address.domain());
    }
}
