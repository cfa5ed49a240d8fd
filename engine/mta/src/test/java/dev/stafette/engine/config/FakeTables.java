// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTable;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.Membership;
import dev.stafette.engine.match.Patterns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables whose keys a test gives, with everything that they were asked. {@code mute:x} never answers. */
public final class FakeTables implements ListTables {
    public final List<String> asked = new ArrayList<>();
    private final Map<String, Set<String>> tables = new HashMap<>();
    private final Set<String> mute = new HashSet<>(Set.of("mute:x"));
    private final Set<String> slow = new HashSet<>();
    private final Set<String> patterns = new HashSet<>();

    public FakeTables table(String spec, String... keys) {
        tables.put(spec, new HashSet<>(Arrays.asList(keys)));
        return this;
    }

    /** It must not be asked by an event loop. */
    public FakeTables slow(String spec) {
        slow.add(spec);
        return this;
    }

    /** Its keys are no parts of one another. */
    public FakeTables patterns(String spec) {
        patterns.add(spec);
        return this;
    }

    public void mute(String spec, boolean isMute) {
        if (isMute) {
            mute.add(spec);
        } else {
            mute.remove(spec);
        }
    }

    @Override
    public ListTable open(String spec) {
        if (spec.startsWith(Patterns.UNREADABLE_TYPE + ":")) {
            mute.add(spec);
        }
        if (!tables.containsKey(spec) && !mute.contains(spec)) {
            throw new ConfigException(spec + " (expected: a table that the test has)");
        }
        return new ListTable() {
            @Override
            public Membership has(String key) {
                asked.add(key);
                if (mute.contains(spec)) {
                    return Membership.UNKNOWN;
                }
                return tables.getOrDefault(spec, Set.of()).contains(key) ? Membership.IN : Membership.OUT;
            }

            @Override
            public boolean isImmediate() {
                return !slow.contains(spec);
            }

            @Override
            public boolean isFixedText() {
                return !patterns.contains(spec);
            }
        };
    }
}
