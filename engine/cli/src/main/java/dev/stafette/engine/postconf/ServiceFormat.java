// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a row of master.cf is written.
 * Thread: main.
 */
final class ServiceFormat {
    /** Where the columns begin, if the words before leave it free. */
    private static final int[] COLUMN_OFFSETS = {0, 11, 17, 25, 33, 41, 49, 57};

    private final LinePrinter to;
    private final @Nullable ParameterValues values;
    private final Warnings warnings;

    /** {@code values}: to expand what {@code -o} says; null: as it is. */
    ServiceFormat(LinePrinter to, @Nullable ParameterValues values, Warnings warnings) {
        this.to = to;
        this.values = values;
        this.warnings = warnings;
    }

    void appendRow(ServiceLine service) {
        for (int field = 0; field < ServiceLine.COMMAND; field++) {
            to.text(service.column(field)).text(" ");
            while (to.length() < COLUMN_OFFSETS[field + 1]) {
                to.text(" ");
            }
        }
        appendCommand(service);
    }

    /** When folded, each {@code -o} has a line for itself. */
    void appendCommand(ServiceLine service) {
        List<String> command = service.command();
        to.text(command.get(0));
        int flagsEnd = service.flagsEnd();
        boolean isBehindOverride = false;
        for (int at = 1; at < command.size(); at++) {
            String word = command.get(at);
            boolean isOverride = at + 1 < flagsEnd && word.equals("-o");
            String shown = isOverride
                    ? "-o " + MasterWords.quoted(override(service, command.get(++at)))
                    : MasterWords.quoted(word);
            if (to.isFolding() && (isOverride || isBehindOverride)) {
                to.breakLine().text(shown);
            } else {
                // Where a line ends, braces do not count.
                to.argument(shown, isOverride ? shown.length() : word.length());
            }
            isBehindOverride = isOverride;
        }
    }

    private String override(ServiceLine service, String text) {
        int equals = text.indexOf('=');
        if (values == null || equals < 0) {
            return text;
        }
        return text.substring(0, equals + 1) + values.of(service).expand(text.substring(equals + 1), warnings);
    }
}
