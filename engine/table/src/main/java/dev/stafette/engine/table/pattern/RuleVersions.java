// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.file.FileVersions;
import dev.stafette.engine.table.file.RuleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The rules of a table in a file, which may change, or in main.cf, which do not.
 * Thread: any.
 *
 * @param <K> what a rule looks at
 */
final class RuleVersions<K> {
    private final Supplier<RuleList<K>> rules;

    /** Makes rules of their text; says what is wrong with one and leaves it out, as Postfix does. */
    interface Parser<K> {
        RuleList<K> parse(RuleSource source, Consumer<String> warnings);
    }

    private RuleVersions(Supplier<RuleList<K>> rules) {
        this.rules = rules;
    }

    static <K> RuleVersions<K> open(TableSpec spec, TableHost host, Parser<K> parser) {
        if (spec.isInline()) {
            RuleList<K> fixed = parser.parse(RuleSource.inline(spec), host::warn);
            return new RuleVersions<>(() -> fixed);
        }
        String what = spec.type() + " map " + spec.name();
        Path file = host.file(spec.name());
        FileVersions.Reading<RuleList<K>> reading =
                path -> parser.parse(RuleSource.ofFile(what, spec.name(), path, host::warn), host::warn);
        try {
            return new RuleVersions<>(FileVersions.open(file, reading, host, host.workers())::current);
        } catch (IOException e) {
            throw RuleSource.cannotOpen("open", spec.name(), file, e);
        }
    }

    RuleList<K> current() {
        return rules.get();
    }
}
