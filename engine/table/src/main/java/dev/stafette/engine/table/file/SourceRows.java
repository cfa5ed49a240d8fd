// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source of most tables, {@code key value}. A line that is none is left out with a warning.
 * Thread: any (stateless).
 */
public final class SourceRows {
    private SourceRows() {}

    /**
     * @param name stands in warnings
     * @param withoutValue what they say of a line without a value
     */
    public static void read(String name, SourceLines lines, String withoutValue, RowSink sink) throws IOException {
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
                sink.onWarning(at + withoutValue);
                continue;
            }
            if (line.isLikeAlias()) {
                sink.onWarning(at + "record is in \"key: value\" format; is this an alias file?");
            }
            sink.onRow(line.key(), line.value(), lines.number());
        }
    }
}
