// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.restriction.RestrictionList.Step;
import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes checks of the words of main.cf.
 * Thread: start-up and reload.
 *
 * <p>{@code warn_if_reject} goes with the next word. A class stands for its words. A bare {@code type:table} stands for the
 * check of the stage that asks tables. Names that nobody knows are left out.
 */
final class RestrictionParser {
    private static final String WARN_IF_REJECT = "warn_if_reject";

    /** What keeps strangers from relaying where the list itself does not. */
    private static final List<String> SAFE_END = List.of("permit_mynetworks", "defer_unauth_destination");

    private static final int NESTING_MAX = 100;

    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, List<String>> classes;
    private final RestrictionParts parts;

    /** {@code classes}: {@code smtpd_restriction_classes}, with the words of each. */
    RestrictionParser(List<Row> rows, Map<String, List<String>> classes, RestrictionParts parts) {
        rows.forEach(row -> this.rows.put(row.name(), row));
        this.classes = classes;
        this.parts = parts;
    }

    RestrictionList parse(RestrictionStage stage, List<String> words) {
        Reading reading = new Reading(stage);
        reading.read(words, false, 0);
        return new RestrictionList(reading.steps);
    }

    /** As {@link #parse}; a list by which anybody could relay gets the safe end. */
    RestrictionList parseClosed(RestrictionStage stage, List<String> words) {
        Reading reading = new Reading(stage);
        reading.read(words, false, 0);
        if (!reading.isClosed) {
            reading.read(SAFE_END, false, 0);
        }
        return new RestrictionList(reading.steps);
    }

    private final class Reading {
        private final RestrictionStage stage;
        private final List<Step> steps = new ArrayList<>();
        private boolean isClosed;

        Reading(RestrictionStage stage) {
            this.stage = stage;
        }

        void read(List<String> words, boolean onlyWarns, int nesting) {
            boolean warns = onlyWarns;
            for (int i = 0; i < words.size(); i++) {
                String name = words.get(i).toLowerCase(Locale.ROOT);
                if (name.equals(WARN_IF_REJECT)) {
                    warns = true;
                    continue;
                }
                boolean isTable = name.indexOf(':') > 0;
                Row row = rows.get(isTable ? stage.tableCheck() : name);
                List<String> ofClass = classes.get(words.get(i));
                if (row != null) {
                    boolean hasArgument = !isTable && row.takesArgument() && i + 1 < words.size();
                    i += hasArgument ? 1 : 0;
                    add(row, isTable || hasArgument ? words.get(i) : "", warns);
                } else if (ofClass != null && nesting < NESTING_MAX) {
                    read(ofClass, warns, nesting + 1);
                }
                warns = onlyWarns;
            }
        }

        private void add(Row row, String argument, boolean onlyWarns) {
            steps.add(new Step(row.name(), row.maker().make(argument, parts), onlyWarns));
            isClosed |= row.keepsRelayClosed() && !onlyWarns;
        }
    }
}
