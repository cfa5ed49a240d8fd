// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.MachineDefaults;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter has for a value: main.cf over the defaults, and the {@code -o} of a service over both.
 * Thread: main.
 */
final class ParameterValues implements Expansion.Names {
    private final ParameterSpace space;
    private final MainFile main;
    private final MachineDefaults machine;
    private final @Nullable ServiceLine service;
    private final Map<String, String> overrides;

    ParameterValues(ParameterSpace space, MainFile main, MachineDefaults machine) {
        this(space, main, machine, null);
    }

    private ParameterValues(
            ParameterSpace space, MainFile main, MachineDefaults machine, @Nullable ServiceLine service) {
        this.space = space;
        this.main = main;
        this.machine = machine;
        this.service = service;
        this.overrides = service == null ? Map.of() : service.overrides();
    }

    ParameterValues of(ServiceLine line) {
        return new ParameterValues(space, main, machine, line);
    }

    /** Unexpanded; null where nothing and nobody has one. */
    @Override
    public @Nullable String valueOf(String name) {
        String override = overrides.get(name);
        if (override != null) {
            return override;
        }
        if (service != null && name.equals("service_name")) {
            return service.name();
        }
        String set = main.find(name);
        return set == null ? defaultOf(name) : set;
    }

    @Override
    public boolean areBytes() {
        return true;
    }

    private @Nullable String defaultOf(String name) {
        ParameterRow row = space.find(name);
        if (row == null) {
            return null;
        }
        if (row.defaultText() != null) {
            return row.defaultText();
        }
        return row.kind() == ParameterRow.Kind.USER ? "" : machine.valueOf(name);
    }

    /** The default alone, whatever main.cf says. */
    String defaultText(ParameterRow row) {
        String text = defaultOf(row.name());
        return text == null ? "" : text;
    }

    String expand(String text, Warnings warnings) {
        List<String> mistakes = new ArrayList<>();
        String value = Expansion.expand(text, this, mistakes);
        mistakes.forEach(warnings::warn);
        if (value == null) {
            throw new ConfigException("macro processing error");
        }
        return value;
    }
}
