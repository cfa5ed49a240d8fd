// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * {@code fail:why}: never answers, for tests of what mail does then.
 * Thread: any.
 */
final class FailTable implements MemoryTable {
    private static final TableAnswer ANSWER = TableAnswer.unavailable("Application error");

    private FailTable() {}

    static Table open(TableSpec spec) {
        assert spec.type().equals("fail");
        return new FailTable();
    }

    @Override
    public TableAnswer lookup(String key) {
        return ANSWER;
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
