// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.LocalHost;
import java.util.Map;

/**
 * {@code environ:any}: the environment of the process. As the key is folded, capitals are found by {@code postmap
 * -f} alone; so it is in Postfix.
 * Thread: any.
 */
final class EnvironTable implements MemoryTable {
    private final Map<String, String> environment = LocalHost.environment();

    private final boolean folds;

    private EnvironTable(boolean folds) {
        this.folds = folds;
    }

    static Table open(TableHost host) {
        return new EnvironTable(host.foldsKeys());
    }

    @Override
    public TableAnswer lookup(String key) {
        String value = environment.get(folds ? MapLine.fold(key) : key);
        return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
