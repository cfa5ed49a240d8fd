// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;

/** Takes messages and counts them. Thread: main. */
interface Sink extends AutoCloseable {
    int port();

    /** Ends it and says what it has seen. */
    SinkFigures end() throws IOException;

    /** Ends it if nobody has. */
    @Override
    void close();
}
