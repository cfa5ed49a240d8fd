// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.smtp.PixWorkarounds;
import dev.stafette.delivery.smtp.PixWorkarounds.Kind;
import dev.stafette.delivery.smtp.ServerBook;
import dev.stafette.delivery.smtp.ServerTraits;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.smtp.HiddenKeywords;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf and its tables, by address, say of servers: what EHLO offers in vain, and how a PIX firewall is dealt with.
 * Thread: event loop; it has no state of its own.
 *
 * @param hidden {@code smtp_discard_ehlo_keywords} and {@code smtp_discard_ehlo_keyword_address_maps}
 * @param usual {@code smtp_pix_workarounds}
 * @param workarounds {@code smtp_pix_workaround_maps}
 */
record ServerTables(HiddenKeywords hidden, PixWorkarounds usual, List<Table> workarounds, Consumer<String> warnings)
        implements ServerBook {
    static ServerTables of(Settings settings, ListTables tables, Consumer<String> warnings) {
        return new ServerTables(
                HiddenKeywords.of(
                        settings, "smtp_discard_ehlo_keywords", "smtp_discard_ehlo_keyword_address_maps", tables),
                workarounds(settings.words("smtp_pix_workarounds")),
                settings.tables("smtp_pix_workaround_maps", tables),
                warnings);
    }

    /** Words that mean nothing count for nothing, as in Postfix. */
    private static PixWorkarounds workarounds(Collection<String> words) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (words.stream().anyMatch(word -> word.equalsIgnoreCase(kind.name()))) {
                kinds.add(kind);
            }
        }
        return new PixWorkarounds(kinds);
    }

    @Override
    public void find(Executor loop, String address, Consumer<@Nullable ServerTraits> then) {
        new Inquirer(loop, System::nanoTime)
                .<@Nullable ServerTraits>ask(
                        inquiry -> judge(address, inquiry),
                        traits -> {
                            if (traits == null) {
                                warnings.accept("table of EHLO keywords: lookup error for " + address);
                            }
                            then.accept(traits);
                        },
                        mistake -> then.accept(null));
    }

    private @Nullable ServerTraits judge(String address, Inquiry inquiry) {
        Set<String> words = hidden.find(address, inquiry);
        if (words == null) {
            return null;
        }
        TableAnswer found = AddressKeys.findKey(workarounds, address, inquiry);
        // At best it helps: what cannot be told now is as it is for all.
        PixWorkarounds own = found.isFound() ? workarounds(ConfigWords.split(found.value())) : usual;
        return new ServerTraits(EhloCapabilities.bitsOf(words), HiddenKeywords.text(words), own);
    }
}
