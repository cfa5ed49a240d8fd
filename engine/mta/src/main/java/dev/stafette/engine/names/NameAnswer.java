// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.delivery.dns.FilteredDns;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;

/**
 * What the DNS says of a name.
 * Thread: any (a value).
 *
 * @param records as {@link RecordType} has them; empty where nothing was found
 * @param why nothing can be said now; empty otherwise
 */
public record NameAnswer(Finding finding, List<String> records, String why) {
    public static final NameAnswer NOT_FOUND = new NameAnswer(Finding.NOT_FOUND, List.of(), "");

    private static final NameAnswer NOT_YET = new NameAnswer(Finding.UNAVAILABLE, List.of(), "not yet");

    static NameAnswer of(TableAnswer answer) {
        if (answer.isNotYet()) {
            return NOT_YET;
        }
        return switch (answer.finding()) {
            case FOUND -> new NameAnswer(Finding.FOUND, List.of(answer.value().split("\n", -1)), "");
            case NOT_FOUND -> NOT_FOUND;
            case UNAVAILABLE -> new NameAnswer(Finding.UNAVAILABLE, List.of(), answer.why());
        };
    }

    public boolean isFound() {
        return finding == Finding.FOUND;
    }

    /** Unavailable, but nothing is wrong: it is being asked, and the judgement is made again. */
    public boolean isNotYet() {
        return this == NOT_YET;
    }

    /** Unavailable, for there are records, and the configuration ignores all of them. */
    public boolean isFiltered() {
        return why.equals(FilteredDns.DROPS_ALL);
    }

    /** Why it is unavailable, as a reply says it. */
    public String reason() {
        return reason(why);
    }

    /** The same of a reason that was kept. */
    public static String reason(String why) {
        return why.equals(FilteredDns.DROPS_ALL) ? "DNS reply filter policy" : why;
    }

    public boolean isUnavailable() {
        return finding == Finding.UNAVAILABLE;
    }
}
