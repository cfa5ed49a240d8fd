// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the lines end up. Thread: log. */
interface LogOutput extends AutoCloseable {
    /** Called at most once a second, before a write: the file may have been renamed or removed. */
    void followRotation();

    static LogOutput open(LogSettings settings) throws IOException {
        return settings.file() == null && SyslogOutput.isThere()
                ? SyslogOutput.open(SyslogOutput.DEVICE, settings.facility())
                : LogFile.open(settings.file(), settings.permissions());
    }

    /** Writes a block of whole lines; returns how many of them are lost. When this throws, all are. */
    int write(ByteBuffer block) throws IOException;

    @Override
    void close();
}
