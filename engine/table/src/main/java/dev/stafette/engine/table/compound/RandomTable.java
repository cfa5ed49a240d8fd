// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableSpec;
import java.util.List;

/**
 * <code>randmap:{value, ...}</code>: one of them, whatever the key; the same while one
 * judgement lasts.
 * Thread: any (it does not change).
 */
public final class RandomTable implements MemoryTable {
    private final List<String> values;

    private RandomTable(List<String> values) {
        this.values = values;
    }

    public static Table open(TableSpec spec) {
        return new RandomTable(words(spec, "value..."));
    }

    /** The words in the braces, of which there must be one. */
    static List<String> words(TableSpec spec, String form) {
        List<String> words = List.of();
        try {
            words = BraceWords.split(BraceWords.inside(spec.name()));
        } catch (ConfigException e) {
            throw bad(spec, form);
        }
        if (words.isEmpty()) {
            throw bad(spec, form);
        }
        return words;
    }

    static ConfigException bad(TableSpec spec, String form) {
        return new ConfigException("bad syntax: \"" + spec + "\"; need \"" + spec.type() + ":{" + form + "}\"");
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return TableAnswer.found(values.get(Math.floorMod(inquiry.draw(key), values.size())));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
