// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a recipient those that its virtual alias stands for, and of these theirs, until none of them is an alias (virtual(5)).
 * Thread: any (it does not change).
 *
 * <p>Each has a bound: how many addresses come of one, how often one is followed, how long an address is. What goes beyond
 * is refused for now, for a table can be mended. An alias that has itself among its recipients stays there.
 */
final class AliasExpansion {
    private final AddressMap map;
    private final int expansionMax;
    private final int nestingMax;
    private final int addressBytesMax;

    /**
     * @param expansionMax virtual_alias_expansion_limit
     * @param nestingMax virtual_alias_recursion_limit
     * @param addressBytesMax virtual_alias_address_length_limit
     */
    AliasExpansion(AddressMap map, int expansionMax, int nestingMax, int addressBytesMax) {
        this.map = map;
        this.expansionMax = expansionMax;
        this.nestingMax = nestingMax;
        this.addressBytesMax = addressBytesMax;
    }

    static AliasExpansion of(Settings settings, AddressKeys keys, AddressRewriter addresses, ListTables tables) {
        return new AliasExpansion(
                AddressMap.of("virtual_alias_maps", "virtual", settings, keys, addresses, tables),
                settings.count("virtual_alias_expansion_limit"),
                settings.count("virtual_alias_recursion_limit"),
                settings.count("virtual_alias_address_length_limit"));
    }

    boolean isEmpty() {
        return map.isEmpty();
    }

    /** The address alone where it is no alias, or one that leads too far: then the run has a refusal. */
    List<MailAddress> expand(MailAddress recipient, MappingRun run) {
        List<MailAddress> first = map.find(recipient, expansionMax + 1, run);
        if (first == null) {
            return List.of(recipient);
        }
        List<MailAddress> all = new ArrayList<>(first.size());
        all.add(recipient);
        Set<String> settled = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            List<MailAddress> known = i == 0 ? first : null;
            if (!follow(all, i, known, settled, recipient, run)) {
                return List.of(recipient);
            }
        }
        return all;
    }

    /** Puts in place of one address what it stands for, and the rest behind all. False: refused. */
    private boolean follow(
            List<MailAddress> all,
            int index,
            @Nullable List<MailAddress> known,
            Set<String> settled,
            MailAddress recipient,
            MappingRun run) {
        List<MailAddress> found = known;
        for (int nesting = 0; ; nesting++) {
            if (all.size() > expansionMax) {
                run.onUnreasonable(map.name() + " map expansion size for " + recipient);
                return false;
            }
            MailAddress at = all.get(index);
            if (settled.contains(key(at))) {
                return true;
            }
            if (nesting >= nestingMax || found != null && found.isEmpty()) {
                run.onUnreasonable(map.name() + " map nesting for " + recipient);
                return false;
            }
            if (found == null) {
                found = map.find(at, expansionMax + 1, run);
            }
            if (found == null) {
                return true;
            }
            for (int i = 0; i < found.size(); i++) {
                if (!put(found.get(i), i == 0 ? index : all.size(), at, all, settled, run)) {
                    return false;
                }
            }
            found = null;
        }
    }

    private boolean put(
            MailAddress result,
            int index,
            MailAddress alias,
            List<MailAddress> all,
            Set<String> settled,
            MappingRun run) {
        String text = result.external();
        if (text.length() > addressBytesMax) {
            run.onUnreasonable(map.name() + " result " + text.substring(0, Math.min(300, text.length())) + "...");
            return false;
        }
        if (index == all.size()) {
            all.add(result);
        } else {
            all.set(index, result);
        }
        if (text.equalsIgnoreCase(alias.external())) {
            settled.add(key(alias));
        }
        return true;
    }

    private static String key(MailAddress address) {
        return address.external().toLowerCase(Locale.ROOT);
    }
}
