// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dmarc;

import dev.stafette.codec.dkim.TagList;
import org.jspecify.annotations.Nullable;

/**
 * A record at {@code _dmarc} (RFC 7489 §6.3).
 * Thread: any (a value).
 *
 * @param policy of the domain
 * @param subdomains of those below it
 * @param missing of those below it that are not in the DNS (RFC 9091 §2)
 * @param percent of the mail that the policy is for
 * @param isDkimStrict the domain of a signature must be the very one
 * @param isSpfStrict the same of the sender
 */
public record DmarcRecord(
        DmarcPolicy policy,
        DmarcPolicy subdomains,
        DmarcPolicy missing,
        int percent,
        boolean isDkimStrict,
        boolean isSpfStrict) {
    private static final int PERCENT_MAX = 100;

    public static boolean isOne(String text) {
        TagList tags = TagList.parse(text);
        return tags != null && tags.first().equals("v") && "DMARC1".equals(tags.get("v"));
    }

    /** Null: it says nothing that could be done. */
    public static @Nullable DmarcRecord parse(String text) {
        TagList tags = TagList.parse(text);
        if (tags == null || !isOne(text)) {
            return null;
        }
        DmarcPolicy asked = DmarcPolicy.of(tags.word("p", ""));
        if (asked == null) {
            // RFC 7489 §6.6.3: who wants reports is taken to want nothing else.
            if (tags.get("rua") == null) {
                return null;
            }
            asked = DmarcPolicy.NONE;
        }
        DmarcPolicy below = policy(tags, "sp", asked);
        return new DmarcRecord(
                asked,
                below,
                policy(tags, "np", below),
                "y".equals(tags.word("t", "n")) ? 0 : percent(tags.word("pct", "100")),
                tags.word("adkim", "r").equals("s"),
                tags.word("aspf", "r").equals("s"));
    }

    private static DmarcPolicy policy(TagList tags, String name, DmarcPolicy otherwise) {
        DmarcPolicy policy = DmarcPolicy.of(tags.word(name, ""));
        return policy == null ? otherwise : policy;
    }

    private static int percent(String text) {
        return text.matches("[0-9]{1,3}") ? Math.min(Integer.parseInt(text), PERCENT_MAX) : PERCENT_MAX;
    }

    /** It matters whether a domain below is in the DNS. */
    public boolean distinguishesMissing() {
        return missing != subdomains;
    }
}
