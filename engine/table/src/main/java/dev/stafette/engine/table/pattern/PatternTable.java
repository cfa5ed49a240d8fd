// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;

/**
 * {@code regexp:} and {@code pcre:}, from a file or from main.cf: patterns in order, the first that matches decides.
 * Thread: any. A look-up tries one rule after the other; what one of them may cost is bounded by {@link BoundedText}.
 */
public final class PatternTable implements MemoryTable {
    private final String name;
    private final RuleVersions<BoundedText> rules;

    private PatternTable(String name, RuleVersions<BoundedText> rules) {
        this.name = name;
        this.rules = rules;
    }

    public static Table regexp(TableSpec spec, TableHost host) {
        return open(spec, host, new PosixDialect());
    }

    public static Table pcre(TableSpec spec, TableHost host) {
        return open(spec, host, new PerlDialect());
    }

    private static Table open(TableSpec spec, TableHost host, PatternDialect dialect) {
        return new PatternTable(
                spec.toString(),
                RuleVersions.open(
                        spec, host, (source, warnings) -> new PatternRules(source, dialect, warnings).parse()));
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        try {
            String result = rules.current().answer(new BoundedText(key));
            return result == null ? TableAnswer.notFound() : TableAnswer.found(result);
        } catch (BoundedText.LimitException e) {
            return TableAnswer.unavailable(name + ": a pattern takes more than " + BoundedText.STEPS_MAX + " steps");
        } catch (StackOverflowError e) {
            // Java's matcher calls itself for each turn of a group.
            return TableAnswer.unavailable(name + ": a pattern with a group that repeats too often");
        }
    }

    @Override
    public boolean isFixedText() {
        return false;
    }
}
