// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

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
    static NameAnswer of(TableAnswer answer) {
        return switch (answer.finding()) {
            case FOUND -> new NameAnswer(Finding.FOUND, List.of(answer.value().split("\n", -1)), "");
            case NOT_FOUND -> new NameAnswer(Finding.NOT_FOUND, List.of(), "");
            case UNAVAILABLE -> new NameAnswer(Finding.UNAVAILABLE, List.of(), answer.why());
        };
    }

    public boolean isFound() {
        return finding == Finding.FOUND;
    }

    public boolean isUnavailable() {
        return finding == Finding.UNAVAILABLE;
    }
}
