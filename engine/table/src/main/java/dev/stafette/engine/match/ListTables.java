// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import dev.stafette.engine.config.syntax.ConfigException;

/**
 * Opens the tables that lists name; the configuration itself knows no tables.
 * Thread: any.
 */
public interface ListTables {
    /** Opens nothing, and knows no key: for a look at the rest of a list. */
    ListTables UNOPENED = spec -> new ListTable() {
        @Override
        public Membership has(String key) {
            return Membership.UNKNOWN;
        }

        @Override
        public boolean isImmediate() {
            return true;
        }

        @Override
        public boolean isFixedText() {
            return true;
        }
    };

    /** Throws a {@link ConfigException} for {@code type:name} that no table can be. One that is not there yet is UNKNOWN. */
    ListTable open(String spec);
}
