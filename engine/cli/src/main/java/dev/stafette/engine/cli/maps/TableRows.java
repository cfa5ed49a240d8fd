// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.file.SourceRows;
import java.io.IOException;

/**
 * The source of most tables: {@code key value}.
 * Thread: main.
 */
final class TableRows implements MapRows {
    @Override
    public String program() {
        return PostmapCommand.NAME;
    }

    @Override
    public void read(String name, SourceLines lines, RowSink sink) throws IOException {
        SourceRows.read(name, lines, "expected format: key whitespace value", sink);
    }

    @Override
    public String listed(String key, String value) {
        return key + "\t" + value;
    }
}
