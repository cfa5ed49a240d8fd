// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sets of an Authenticated Received Chain, the oldest first (RFC 8617 §5.2, steps 1 to 3).
 * Thread: any (a value).
 *
 * @param sets all that there should be; none where there is a mistake in how they follow each other
 * @param count the highest number among them, whatever is wrong; 0: there is no chain
 * @param mistake why the chain is broken, whatever the keys say; empty: nothing
 */
public record ArcChain(List<ArcSet> sets, int count, String mistake) {
    public static final String RESULTS = "ARC-Authentication-Results";
    public static final String SIGNATURE = "ARC-Message-Signature";
    public static final String SEAL = "ARC-Seal";

    /** RFC 8617 §4.2.1. */
    public static final int SETS_MAX = 50;

    private static final List<String> NAMES = List.of(RESULTS, SIGNATURE, SEAL);
    private static final Pattern INSTANCE = Pattern.compile("\\s*i\\s*=\\s*([0-9]{1,4})\\s*(?:;.*)?", Pattern.DOTALL);

    public ArcChain {
        sets = List.copyOf(sets);
    }

    public static ArcChain of(HeaderFields header) {
        int[][] found = new int[SETS_MAX + 1][NAMES.size()];
        int count = 0;
        String mistake = "";
        for (int i = 0; i < header.count(); i++) {
            int kind = kind(header.name(i));
            if (kind < 0) {
                continue;
            }
            int instance = instance(header.value(i), kind);
            if (instance < 1 || instance > SETS_MAX) {
                return new ArcChain(List.of(), Math.max(count, 1), "i= of " + NAMES.get(kind));
            }
            count = Math.max(count, instance);
            if (found[instance][kind] != 0) {
                mistake = "i=" + instance + " twice";
            }
            found[instance][kind] = i + 1;
        }
        return mistake.isEmpty() ? of(header, found, count) : new ArcChain(List.of(), count, mistake);
    }

    private static int kind(String name) {
        if (name.length() < SEAL.length() || !name.regionMatches(true, 0, "ARC-", 0, 4)) {
            return -1;
        }
        for (int kind = 0; kind < NAMES.size(); kind++) {
            if (NAMES.get(kind).equalsIgnoreCase(name)) {
                return kind;
            }
        }
        return -1;
    }

    /** 0: it has none. The results have it in front, and tags nowhere else. */
    private static int instance(String value, int kind) {
        if (kind == 0) {
            Matcher number = INSTANCE.matcher(value);
            return number.matches() ? Integer.parseInt(number.group(1)) : 0;
        }
        TagList tags = TagList.parse(value);
        long number = tags == null ? 0 : tags.number("i");
        return (int) Math.max(0, Math.min(number, SETS_MAX + 1));
    }

    private static ArcChain of(HeaderFields header, int[][] found, int count) {
        List<ArcSet> sets = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            int[] at = found[i];
            if (at[0] == 0 || at[1] == 0 || at[2] == 0) {
                return new ArcChain(List.of(), count, "i=" + i + " is not complete");
            }
            ArcSet set = ArcSet.of(header, i, at[0] - 1, at[1] - 1, at[2] - 1);
            String mistake = set.mistake();
            if (!set.validation().equals(i == 1 ? "none" : "pass")) {
                mistake = "cv=" + set.validation() + " of i=" + i;
            }
            sets.add(set);
            if (!mistake.isEmpty()) {
                return new ArcChain(sets, count, mistake);
            }
        }
        return new ArcChain(sets, count, "");
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** The last of them is sealed as broken: nobody adds another (RFC 8617 §5.1). */
    public boolean isSealedAsBroken() {
        return sets.size() == count
                && count > 0
                && sets.get(count - 1).validation().equals("fail");
    }
}
