// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Does not let a server start by whose lists anybody could send anything anywhere.
 * Thread: start-up and reload.
 */
final class OpenRelayGuard {
    /** One of these keeps strangers from relaying, as long as no {@code permit} stands before it. */
    private static final List<String> WORKING = List.of(
            "reject_unauth_destination",
            "defer_unauth_destination",
            "reject",
            "defer",
            "defer_if_permit",
            "check_relay_domains");

    private final Map<String, List<String>> classes;

    OpenRelayGuard(Map<String, List<String>> classes) {
        this.classes = classes;
    }

    /** Throws a {@link ConfigException}; one safe list is enough. */
    void check(List<String> relay, List<String> recipient) {
        if (!isSafe(recipient, new HashSet<>()) && !isSafe(relay, new HashSet<>())) {
            throw new ConfigException("in parameter " + RestrictionStage.RELAY.parameter() + " or "
                    + RestrictionStage.RECIPIENT.parameter() + ", specify at least one working instance of: "
                    + String.join(", ", WORKING.subList(0, WORKING.size() - 1)) + " or "
                    + WORKING.get(WORKING.size() - 1));
        }
    }

    /** {@code seen}: classes that were looked at. */
    private boolean isSafe(List<String> words, Set<String> seen) {
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i).toLowerCase(Locale.ROOT);
            if (name.equals("warn_if_reject") && i + 1 < words.size()) {
                // What only warns keeps nobody out.
                i++;
            } else if (name.equals("permit")) {
                return false;
            } else if (WORKING.contains(name)) {
                return true;
            } else {
                List<String> ofClass = classes.get(words.get(i));
                if (ofClass != null && seen.add(words.get(i)) && isSafe(ofClass, seen)) {
                    return true;
                }
            }
        }
        return false;
    }
}
