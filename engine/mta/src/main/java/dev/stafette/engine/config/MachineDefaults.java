// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.MainCf;
import java.util.Map;
import java.util.Set;

/**
 * The defaults that depend on the machine, and on what main.cf says of it.
 * Thread: main, of a command. They are found when they are asked for.
 */
public final class MachineDefaults {
    private final Settings settings;
    private final Map<String, String> ofProcess;

    /** {@code ofProcess}: parameters that each process has for itself. */
    public MachineDefaults(
            String file, Map<String, String> values, Host host, String directory, Map<String, String> ofProcess) {
        this.settings = new Settings(MainCf.of(file, values), Set.of(), host, directory, Map.of());
        this.ofProcess = ofProcess;
    }

    public String valueOf(String name) {
        String own = ofProcess.get(name);
        return own == null ? settings.defaultOf(name) : own;
    }
}
