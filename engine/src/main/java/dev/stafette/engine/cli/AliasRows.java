// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The source of alias tables, aliases(5): {@code name: value, value}, in the words of RFC 5322 §3.4 with quotes and
 * comments.
 * Thread: main.
 */
final class AliasRows implements MapRows {
    @Override
    public void read(String name, SourceLines lines, RowSink sink) throws IOException {
        for (@Nullable String text = lines.next(); text != null; text = lines.next()) {
            String at = name + ", line " + lines.number() + ": ";
            AliasLine line = AliasLine.parse(text);
            if (line.key().isEmpty() || line.value().isEmpty()) {
                sink.onWarning(at + "need name:value pair");
            } else if (line.key().indexOf('@') >= 0) {
                sink.onWarning(at + "name must be local");
            } else {
                sink.onRow(line.key(), line.value(), lines.number());
            }
        }
    }

    @Override
    public String listed(String key, String value) {
        return key + ":\t" + value;
    }
}
