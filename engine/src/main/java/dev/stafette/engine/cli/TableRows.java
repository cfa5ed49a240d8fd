// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.SourceLines;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The source of most tables: {@code key value}.
 * Thread: main.
 */
final class TableRows implements MapRows {
    @Override
    public void read(String name, SourceLines lines, RowSink sink) throws IOException {
        for (@Nullable String text = lines.next(); text != null; text = lines.next()) {
            String at = name + ", line " + lines.number() + ": ";
            MapLine line;
            try {
                line = MapLine.parse(text);
            } catch (MapLine.UnbalancedException e) {
                sink.onWarning(at + "unbalanced '\"' in '" + text + "' -- ignoring this line");
                continue;
            }
            if (line.value().isEmpty()) {
                sink.onWarning(at + "expected format: key whitespace value");
                continue;
            }
            if (line.isLikeAlias()) {
                sink.onWarning(at + "record is in \"key: value\" format; is this an alias file?");
            }
            sink.onRow(line.key(), line.value(), lines.number());
        }
    }

    @Override
    public String listed(String key, String value) {
        return key + "\t" + value;
    }
}
