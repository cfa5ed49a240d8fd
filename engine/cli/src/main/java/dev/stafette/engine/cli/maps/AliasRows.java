// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

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
    public String program() {
        return PostaliasCommand.NAME;
    }

    @Override
    public void read(String name, SourceLines lines, RowSink sink) throws IOException {
        for (@Nullable String text = lines.next(); text != null; text = lines.next()) {
            String at = name + ", line " + lines.number() + ": ";
            AliasLine line = AliasLine.parse(text);
            if (!line.problem().isEmpty()) {
                sink.onWarning(at + line.problem());
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
