// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;

/** Sends messages: our own source in this process, or the program of somebody else. Thread: main; it blocks. */
interface Source {
    /** Sends messages with the numbers from {@code firstSequence} to a port of this machine. */
    SourceFigures send(int port, long firstSequence, long messageCount) throws IOException;
}
