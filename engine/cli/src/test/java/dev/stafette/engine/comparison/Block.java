// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.List;
import java.util.Map;

/**
 * A configuration, and the cases that are asked of it.
 *
 * @param settings lines of main.cf over those that all blocks have, {@code name = value}
 * @param tables their source text by {@code type name}; {@code text} is one that no postmap builds
 */
record Block(String name, List<String> settings, Map<String, String> tables, List<Case> cases) {
    /** In both files, and in what is said of a difference. */
    String key(Case one) {
        return name + ": " + one.title();
    }
}
