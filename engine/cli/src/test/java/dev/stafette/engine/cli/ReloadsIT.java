// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.RecordingSink;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often a running mail system is reloaded, it keeps no more than it needs. */
class ReloadsIT {
    @TempDir
    private Path parent;

    @Test
    void leavesNoConnectionOfAnEarlierConfigurationOpen() throws Exception {
        try (RecordingSink sink = RecordingSink.open();
                RunningMta mta = new RunningMta(
                        parent, "relayhost = [127.0.0.1]:" + sink.port(), "smtp_connection_cache_time_limit = 300s")) {
            for (int i = 0; i < 6; i++) {
                mta.send("me@a.test", "Subject: " + i, "u@far.test");
                assertEquals(String.valueOf(i), sink.take().field("Subject"));
                assertEquals(0, mta.run("postfix", "reload").exitCode());
                mta.await("the end of the connection that waits for more mail", () -> sink.openCount() == 0);
            }
        }
    }
}
