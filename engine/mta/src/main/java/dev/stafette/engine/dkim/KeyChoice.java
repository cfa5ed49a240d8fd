// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * With which keys an author's mail is signed: as dkim_signing_table says, or, without one, with those of his domain.
 * Thread: any (it does not change).
 *
 * <p>A table is asked for {@code user@sub.a.test}, {@code sub.a.test}, {@code .a.test}, {@code .test} and {@code *}, the first
 * that any of them has decides, and has names of keys.
 */
final class KeyChoice {
    private final KeyTable keys;
    private final List<Table> tables;

    KeyChoice(KeyTable keys, List<Table> tables) {
        this.keys = keys;
        this.tables = List.copyOf(tables);
    }

    /**
     * @param trouble why it cannot be told; null: it can
     */
    record Chosen(
            String domain, List<SigningKey> keys, @Nullable String trouble) {}

    Chosen of(MailAddress author, Inquiry inquiry) {
        String domain = author.domain().toLowerCase(Locale.ROOT);
        if (tables.isEmpty()) {
            return new Chosen(domain, keys.ofDomain(domain), null);
        }
        for (String key : lookupKeys(author, domain)) {
            for (Table table : tables) {
                if (!table.isFixedText() && key.indexOf('@') < 0) {
                    // Patterns see the whole address, and no parts of it.
                    continue;
                }
                TableAnswer answer = table.lookup(key, inquiry);
                if (answer.isUnavailable()) {
                    return new Chosen(domain, List.of(), "dkim_signing_table: " + answer.why());
                }
                if (answer.isFound()) {
                    return named(domain, answer.value());
                }
            }
        }
        return new Chosen(domain, List.of(), null);
    }

    private static List<String> lookupKeys(MailAddress author, String domain) {
        List<String> lookups = new ArrayList<>();
        lookups.add(author.localPart() + "@" + domain);
        lookups.add(domain);
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            lookups.add(domain.substring(dot));
        }
        lookups.add("*");
        return lookups;
    }

    private Chosen named(String domain, String names) {
        List<SigningKey> found = new ArrayList<>();
        for (String name : names.split("[,\\s]+")) {
            SigningKey key = keys.named(name);
            if (key == null) {
                return new Chosen(
                        domain, List.of(), "dkim_signing_table: '" + name + "' (expected: a name of dkim_key_table)");
            }
            found.add(key);
        }
        return new Chosen(domain, found, null);
    }
}
