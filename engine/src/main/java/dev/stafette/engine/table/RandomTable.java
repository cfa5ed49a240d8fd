// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.ConfigException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * <code>randmap:{value, ...}</code>: one of them, whatever the key.
 * Thread: any (it does not change).
 */
final class RandomTable implements MemoryTable {
    private final List<String> values;

    private RandomTable(List<String> values) {
        this.values = values;
    }

    static Table open(TableSpec spec) {
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
    public TableAnswer lookup(String key) {
        return TableAnswer.found(values.get(ThreadLocalRandom.current().nextInt(values.size())));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
