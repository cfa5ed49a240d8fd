// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows that a test gives, with every key that they were asked for. Thread: the test's. */
public final class RowTable implements MemoryTable {
    public final List<String> asked = new ArrayList<>();

    private final Map<String, String> rows = new HashMap<>();
    private boolean isFixedText = true;
    private boolean isMute;

    /** Keys, each with its value behind it. */
    public RowTable(String... rows) {
        for (int i = 0; i < rows.length; i += 2) {
            this.rows.put(rows[i], rows[i + 1]);
        }
    }

    public RowTable ofPatterns() {
        isFixedText = false;
        return this;
    }

    public RowTable mute() {
        isMute = true;
        return this;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        asked.add(key);
        if (isMute) {
            return TableAnswer.unavailable("mute");
        }
        String value = rows.get(key.toLowerCase(Locale.ROOT));
        return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
    }

    @Override
    public boolean isFixedText() {
        return isFixedText;
    }
}
