// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.io.IOException;

/** Takes what the source of a table has in it. Thread: its owner's. */
public interface RowSink {
    void onRow(String key, String value, int lineNumber) throws IOException;

    void onWarning(String text);
}
