// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.table.TableHost;
import java.util.Locale;

/**
 * A lookup key and its parts as {@link KeyTemplate} uses them. The last {@code @} divides.
 * Thread: any (a value).
 */
public record LookupKey(String text) {

    /** As the host has keys of fixed text: in lower case, as a rule. */
    public static LookupKey of(String key, TableHost host) {
        return new LookupKey(host.foldsKeys() ? key.toLowerCase(Locale.ROOT) : key);
    }

    /** Before the {@code @}; all of a key without one. */
    String user() {
        int at = text.lastIndexOf('@');
        return at < 0 ? text : text.substring(0, at);
    }

    /** Empty when there is none. */
    String domain() {
        int at = text.lastIndexOf('@');
        return at < 0 ? "" : text.substring(at + 1);
    }

    /** Whether the domain has so many labels, the last ones, and none of them empty. */
    boolean hasLabels(int count) {
        String domain = domain();
        int end = domain.length();
        for (int i = 0; i < count; i++) {
            int dot = end < 0 ? -1 : domain.lastIndexOf('.', end - 1);
            if (end <= dot + 1) {
                return false;
            }
            end = dot;
        }
        return true;
    }

    /** Of the domain, counted from the right: 1 is the last. */
    String label(int number) {
        String[] labels = domain().split("\\.", -1);
        return labels[labels.length - number];
    }
}
