// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.table.RowSink;
import dev.stafette.engine.table.SourceLines;
import java.io.IOException;

/**
 * How the source of a table is written: {@code postmap} and {@code postalias} differ in that.
 * Thread: main.
 */
interface MapRows {
    /** Whose they are: it stands before messages. */
    String program();

    /** Reads all of it. {@code name} stands in messages. */
    void read(String name, SourceLines lines, RowSink sink) throws IOException;

    /** A row as a listing shows it. */
    String listed(String key, String value);
}
