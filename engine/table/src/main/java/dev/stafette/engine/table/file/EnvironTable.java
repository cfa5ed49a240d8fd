// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import java.util.Map;

/**
 * {@code environ:any}: the environment of the process. As the key is folded, capitals are found by {@code postmap
 * -f} alone; so it is in Postfix.
 * Thread: any.
 */
public final class EnvironTable implements MemoryTable {
    private final Map<String, String> environment = LocalHost.environment();

    private final boolean folds;

    private EnvironTable(boolean folds) {
        this.folds = folds;
    }

    public static Table open(TableHost host) {
        return new EnvironTable(host.foldsKeys());
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        String value = environment.get(folds ? MapLine.fold(key) : key);
        return value == null ? TableAnswer.notFound() : TableAnswer.found(value);
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
