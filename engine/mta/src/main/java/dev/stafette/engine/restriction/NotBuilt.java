// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.List;

/**
 * Names that are known, and have no say yet: what they would ask is not asked.
 * Thread: any.
 */
final class NotBuilt {
    static final List<Row> ROWS = List.of(row("reject_unverified_sender"), row("reject_unverified_recipient"));

    private NotBuilt() {}

    private static Row row(String name) {
        return new Row(name, Argument.NONE, (text, stage, parser) -> new FixedVerdict(Verdict.DUNNO));
    }
}
