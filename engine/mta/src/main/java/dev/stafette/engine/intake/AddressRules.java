// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the addresses of a message in envelope and header.
 * Thread: any (a value).
 *
 * @param mappings of addresses in their complete form
 * @param local completes addresses in the header of mail that is written here; null: they stay
 * @param remote the same for other mail (remote_header_rewrite_domain); null: no address in its header changes
 * @param tokensMax {@code header_address_token_limit}
 */
record AddressRules(
        AddressMappings mappings,
        @Nullable AddressRewriter local,
        @Nullable AddressRewriter remote,
        int tokensMax) {
    private static final int TOKENS_MAX = 10_240;

    /** All stay as they are. */
    static final AddressRules NONE = new AddressRules(AddressMappings.NONE, null, null, TOKENS_MAX);

    static AddressRules of(Settings settings, ListTables tables) {
        AddressClasses classes = AddressClasses.of(settings, tables);
        Settings resolver = settings.ofResolver();
        AddressClasses resolved = AddressClasses.of(resolver, tables);
        AddressRewriter local = AddressRewriter.of(resolver, resolved);
        return new AddressRules(
                AddressMappings.of(settings, AddressKeys.of(settings, classes), local, tables),
                local,
                AddressRewriter.ofRemote(settings.text("remote_header_rewrite_domain"), resolver, resolved),
                settings.count("header_address_token_limit"));
    }

    AddressRules withoutMaps() {
        return new AddressRules(mappings.withoutMaps(), local, remote, tokensMax);
    }

    /** Null: addresses in its header stay. */
    @Nullable
    AddressRewriter forHeaderOf(Arrival arrival) {
        return arrival.rewritesHeader() ? local : remote;
    }
}
