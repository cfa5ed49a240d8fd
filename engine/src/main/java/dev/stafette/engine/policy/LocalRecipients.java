// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.codec.address.MailAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of {@code mydestination} that exist ({@code local_recipient_maps}).
 * Thread: any (it does not change).
 *
 * <p>Without a list all of them do: there is no database of users yet, and a list that is made up would lose mail.
 */
public final class LocalRecipients {
    public static final LocalRecipients ANY = new LocalRecipients(null, "");

    private static final String INLINE = "inline:";

    private final @Nullable Set<String> known;
    private final String delimiters;

    private LocalRecipients(@Nullable Set<String> known, String delimiters) {
        this.known = known;
        this.delimiters = delimiters;
    }

    /**
     * @param addresses {@code user} for any local domain, or {@code user@domain}
     * @param delimiters {@code recipient_delimiter}
     */
    public static LocalRecipients of(List<String> addresses, String delimiters) {
        Set<String> known = new HashSet<>();
        for (String address : addresses) {
            known.add(address.toLowerCase(Locale.ROOT));
        }
        return new LocalRecipients(known, delimiters);
    }

    /**
     * Reads {@code inline:{user=x, user@domain=x}}; other tables are not there yet, and with one of them in the list every
     * recipient is taken for known.
     */
    static LocalRecipients read(String text, String delimiters) {
        String list = text.strip();
        if (!list.startsWith(INLINE) || !list.endsWith("}")) {
            return ANY;
        }
        String rows = list.substring(INLINE.length()).strip();
        if (!rows.startsWith("{") || rows.indexOf('}') < rows.lastIndexOf('{')) {
            return ANY;
        }
        return of(
                List.of(rows.replaceAll("[{}]", " ").strip().split("[,\\s]+")).stream()
                        .map(row -> row.replaceFirst("=.*", ""))
                        .toList(),
                delimiters);
    }

    public boolean has(MailAddress address) {
        if (known == null) {
            return true;
        }
        String localPart = address.localPart().toLowerCase(Locale.ROOT);
        String domain = '@' + address.domainKey();
        String user = withoutExtension(localPart);
        return known.contains(localPart + domain)
                || known.contains(user + domain)
                || known.contains(localPart)
                || known.contains(user)
                || known.contains(domain);
    }

    private String withoutExtension(String localPart) {
        for (int i = 1; i < localPart.length(); i++) {
            if (delimiters.indexOf(localPart.charAt(i)) >= 0) {
                return localPart.substring(0, i);
            }
        }
        return localPart;
    }
}
