// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.MachineDefaults;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows rows of master.cf, their fields, or their {@code -o} parameters.
 * Thread: main.
 */
public final class MasterListing {
    private final MasterFile master;
    private final ParameterValues values;
    private final DisplayMode mode;
    private final LinePrinter printer;
    private final ServiceFormat format;
    private final Warnings warnings;

    public MasterListing(
            MasterFile master, MainListing.Parts parts, MachineDefaults machine, DisplayMode mode, PrintStream out) {
        this.master = master;
        this.values = new ParameterValues(parts.space(), parts.main(), machine);
        this.mode = mode;
        this.warnings = parts.warnings();
        this.printer = new LinePrinter(out, mode.isFolded());
        this.format = new ServiceFormat(printer, mode.isExpanded() ? values : null, warnings);
    }

    /** {@code -M}, with the patterns that were asked for; none: all. */
    public void printRows(List<String> requests) {
        ServicePatterns patterns = ServicePatterns.of(requests, ServicePatterns.Part.ROW);
        for (ServiceLine service : master.services()) {
            if (patterns.match(service, "")) {
                printRow(service);
            }
        }
        patterns.warnOfUnmatched(warnings);
    }

    private void printRow(ServiceLine service) {
        if (!mode.isJson()) {
            format.appendRow(service);
            printer.end();
            return;
        }
        for (int field = 0; field < ServiceLine.COMMAND; field++) {
            printer.text(service.column(field)).text(" ");
        }
        format.appendCommand(service);
        printer.member(service.key(), printer.take());
    }

    /** {@code -F}. */
    public void printFields(List<String> requests) {
        ServicePatterns patterns = ServicePatterns.of(requests, ServicePatterns.Part.FIELD);
        for (ServiceLine service : master.services()) {
            for (int field = 0; field <= ServiceLine.COMMAND; field++) {
                if (patterns.match(service, ServiceLine.FIELD_NAMES.get(field))) {
                    printField(service, field);
                }
            }
        }
        patterns.warnOfUnmatched(warnings);
    }

    private void printField(ServiceLine service, int field) {
        String key = service.key() + "/" + ServiceLine.FIELD_NAMES.get(field);
        if (mode.isJson()) {
            printer.member(key, fieldOf(service, field));
            return;
        }
        if (!mode.hidesNames()) {
            printer.text(key);
        }
        if (mode.hidesValues()) {
            printer.end();
            return;
        }
        if (!mode.hidesNames()) {
            printer.text(" = ");
        }
        if (field == ServiceLine.COMMAND) {
            format.appendCommand(service);
            printer.end();
        } else {
            printer.text(service.column(field)).end();
        }
    }

    private String fieldOf(ServiceLine service, int field) {
        if (field < ServiceLine.COMMAND) {
            return service.column(field);
        }
        format.appendCommand(service);
        return printer.take();
    }

    /** {@code -P}. */
    public void printParameters(List<String> requests) {
        ServicePatterns patterns = ServicePatterns.of(requests, ServicePatterns.Part.PARAMETER);
        for (ServiceLine service : master.services()) {
            for (Map.Entry<String, String> entry : new TreeMap<>(service.overrides()).entrySet()) {
                if (patterns.match(service, entry.getKey())) {
                    printParameter(service, entry.getKey(), entry.getValue());
                }
            }
        }
        patterns.warnOfUnmatched(warnings);
    }

    private void printParameter(ServiceLine service, String name, String value) {
        String key = service.key() + "/" + name;
        if (mode.hidesValues()) {
            printer.text(key).end();
            return;
        }
        String shown = mode.isExpanded() ? values.of(service).expand(value, warnings) : value;
        if (mode.isJson()) {
            printer.member(key, shown);
            return;
        }
        if (!mode.hidesNames()) {
            printer.words(key + " =");
        }
        printer.words(shown).end();
    }
}
