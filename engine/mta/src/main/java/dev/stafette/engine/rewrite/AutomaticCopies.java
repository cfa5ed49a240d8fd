// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who gets a copy of mail by whom it is from, and for whom: sender_bcc_maps, recipient_bcc_maps, always_bcc.
 * Thread: any (it does not change).
 */
final class AutomaticCopies {
    private static final String SENDER = "sender_bcc_maps";
    private static final String RECIPIENT = "recipient_bcc_maps";

    private final List<Table> bySender;
    private final List<Table> byRecipient;
    private final @Nullable MailAddress always;
    private final AddressKeys keys;
    private final AddressRewriter addresses;

    /** @param always empty: nobody */
    AutomaticCopies(
            List<Table> bySender, List<Table> byRecipient, String always, AddressKeys keys, AddressRewriter addresses) {
        this.bySender = List.copyOf(bySender);
        this.byRecipient = List.copyOf(byRecipient);
        this.keys = keys;
        this.addresses = addresses;
        this.always = always.isEmpty() ? null : complete(always);
    }

    static AutomaticCopies of(Settings settings, AddressKeys keys, AddressRewriter addresses, ListTables tables) {
        return new AutomaticCopies(
                settings.tables(SENDER, tables),
                settings.tables(RECIPIENT, tables),
                settings.text("always_bcc"),
                keys,
                addresses);
    }

    private MailAddress complete(String text) {
        return addresses.complete(AddressList.split(text));
    }

    boolean isNone() {
        return bySender.isEmpty() && byRecipient.isEmpty() && always == null;
    }

    @Nullable
    MailAddress always() {
        return always;
    }

    /** Null: nobody. */
    @Nullable
    MailAddress bySender(MailAddress sender, MappingRun run) {
        return find(SENDER, bySender, sender, run);
    }

    @Nullable
    MailAddress byRecipient(MailAddress recipient, MappingRun run) {
        return find(RECIPIENT, byRecipient, recipient, run);
    }

    private @Nullable MailAddress find(String name, List<Table> tables, MailAddress address, MappingRun run) {
        if (tables.isEmpty() || address.isNull()) {
            return null;
        }
        TableAnswer answer = keys.find(tables, address, run.inquiry()).answer();
        if (answer.isUnavailable()) {
            run.onUnavailable(name, address.external(), answer);
        }
        return answer.isFound() ? complete(answer.value()) : null;
    }
}
