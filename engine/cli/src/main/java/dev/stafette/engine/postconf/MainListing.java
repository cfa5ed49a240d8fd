// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.MachineDefaults;
import dev.stafette.engine.postconf.ParameterRow.Kind;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * Shows parameters of main.cf.
 * Thread: main.
 */
public final class MainListing {
    private final ParameterSpace space;
    private final MainFile main;
    private final ParameterValues values;
    private final Selection selection;
    private final DisplayMode mode;
    private final LinePrinter printer;
    private final Warnings warnings;

    /** Which values are shown. */
    public enum Selection {
        /** What holds. */
        ALL,
        /** {@code -n}: what is set. */
        SET,
        /** {@code -d}: what would hold if nothing were set. */
        DEFAULTS
    }

    public MainListing(Parts parts, MachineDefaults machine, Selection selection, DisplayMode mode, PrintStream out) {
        this.space = parts.space();
        this.main = parts.main();
        this.warnings = parts.warnings();
        this.values = new ParameterValues(space, main, machine);
        this.selection = selection;
        this.mode = mode;
        this.printer = new LinePrinter(out, mode.isFolded());
    }

    /** What a listing is of. */
    public record Parts(ParameterSpace space, MainFile main, Warnings warnings) {}

    /** Those of the kinds, by their {@code -C} names: builtin, service, user. */
    public void printAll(Set<String> kinds) {
        for (ParameterRow row : space.sorted()) {
            if (kinds.contains(nameOf(row.kind()))
                    && (row.isListed() || selection != Selection.DEFAULTS && main.find(row.name()) != null)) {
                print(row);
            }
        }
    }

    private static String nameOf(Kind kind) {
        return switch (kind) {
            case BUILTIN -> "builtin";
            case SERVICE -> "service";
            case USER -> "user";
        };
    }

    public void print(List<String> names) {
        for (String name : names) {
            ParameterRow row = space.find(name);
            if (row == null) {
                warnings.warn(name + ": unknown parameter");
            } else {
                print(row);
            }
        }
    }

    private void print(ParameterRow row) {
        String set = selection == Selection.DEFAULTS ? null : main.find(row.name());
        if (set == null && selection == Selection.SET) {
            return;
        }
        if (mode.hidesValues()) {
            printer.text(row.name()).end();
            return;
        }
        String value = set == null ? values.defaultText(row) : set;
        if (mode.isExpanded() && !row.isRaw()) {
            value = values.expand(value, warnings);
        }
        if (mode.isJson()) {
            printer.member(row.name(), value);
            return;
        }
        if (!mode.hidesNames()) {
            printer.words(row.name() + " =");
        }
        printer.words(value).end();
    }
}
