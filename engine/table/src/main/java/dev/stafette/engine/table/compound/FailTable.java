// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.compound;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableSpec;

/**
 * {@code fail:why}: never answers, for tests of what mail does then.
 * Thread: any.
 */
public final class FailTable implements MemoryTable {
    private static final TableAnswer ANSWER = TableAnswer.unavailable("Application error");

    private FailTable() {}

    public static Table open(TableSpec spec) {
        assert spec.type().equals("fail");
        return new FailTable();
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return ANSWER;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
