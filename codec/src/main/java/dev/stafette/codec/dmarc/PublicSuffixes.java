// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dmarc;

import dev.stafette.codec.address.InternationalDomain;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Under which names anybody can have a domain, as the public suffix list (publicsuffix.org) has it.
 * Thread: any (it does not change).
 *
 * <pre>
 * com           a.com belongs to somebody, com to nobody
 * *.ck          b.a.ck belongs to somebody
 * !www.ck       but so does www.ck
 * </pre>
 */
public final class PublicSuffixes {
    private final Set<String> rules = new HashSet<>();

    /** {@code lines}: of the list, comments and all. */
    public PublicSuffixes(List<String> lines) {
        for (String line : lines) {
            String rule = line.strip();
            int space = rule.indexOf(' ');
            String text = space < 0 ? rule : rule.substring(0, space);
            if (!text.isEmpty() && !text.startsWith("//")) {
                rules.add(ascii(text));
            }
        }
    }

    private static String ascii(String rule) {
        String mark = rule.startsWith("*.") ? "*." : rule.startsWith("!") ? "!" : "";
        String name = rule.substring(mark.length());
        String known = InternationalDomain.toAscii(name);
        return mark + (known == null ? name : known).toLowerCase(Locale.ROOT);
    }

    public int size() {
        return rules.size();
    }

    /**
     * The domain that somebody has registered and to which this one belongs (RFC 7489 §3.2); the name itself where it is a public
     * suffix. {@code domain}: in lower case and ASCII form.
     */
    public String organizationalDomain(String domain) {
        String[] labels = domain.split("\\.", -1);
        int suffixLabels = suffixLabels(labels);
        int kept = Math.min(labels.length, suffixLabels + 1);
        return String.join(".", List.of(labels).subList(labels.length - kept, labels.length));
    }

    /** The longest rule that fits decides, an exception before all; without any, it is the last label. */
    private int suffixLabels(String[] labels) {
        int longest = 1;
        String name = "";
        for (int i = labels.length - 1; i >= 0; i--) {
            int count = labels.length - i;
            String above = name;
            name = above.isEmpty() ? labels[i] : labels[i] + "." + above;
            if (rules.contains("!" + name)) {
                return count - 1;
            }
            if (rules.contains(name) || !above.isEmpty() && rules.contains("*." + above)) {
                longest = count;
            }
        }
        return longest;
    }
}
