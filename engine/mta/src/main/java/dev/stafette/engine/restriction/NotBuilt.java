// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names that are known, and have no say yet: what they would ask is not asked.
 * Thread: any.
 */
final class NotBuilt {
    static final List<Row> ROWS = Stream.of(
                    rows(Argument.NONE, "reject_unverified_sender", "reject_unverified_recipient"),
                    rows(Argument.SERVER, "check_policy_service"))
            .flatMap(List::stream)
            .toList();

    private NotBuilt() {}

    private static List<Row> rows(Argument argument, String... names) {
        return Stream.of(names)
                .map(name -> new Row(name, argument, (text, stage, parser) -> new FixedVerdict(Verdict.DUNNO)))
                .toList();
    }
}
