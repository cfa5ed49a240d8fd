// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.config.Settings;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where in a message an address stands: the words of canonical_classes and masquerade_classes. Thread: any. */
public enum AddressUse {
    ENVELOPE_SENDER,
    ENVELOPE_RECIPIENT,
    /** From, Reply-To, Sender and the like. */
    HEADER_SENDER,
    /** To, Cc and the like. */
    HEADER_RECIPIENT;

    /** {@code allowed}: those that make sense for the parameter. */
    static Set<AddressUse> of(Settings settings, String parameter, Set<AddressUse> allowed) {
        Set<AddressUse> uses = EnumSet.noneOf(AddressUse.class);
        for (String word : settings.words(parameter)) {
            AddressUse named = null;
            for (AddressUse use : allowed) {
                if (use.name().equals(word.toUpperCase(Locale.ROOT))) {
                    named = use;
                }
            }
            if (named == null) {
                throw settings.bad(parameter, "some of " + allowed.toString().toLowerCase(Locale.ROOT));
            }
            uses.add(named);
        }
        return uses;
    }
}
