// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.Mta;
import dev.stafette.engine.admin.MasterLock;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A mail system in this JVM. */
public final class RunningMta extends MtaClient implements AutoCloseable {
    private Mta mta;
    private MasterLock lock;

    public RunningMta(Path parent, String... mainCf) throws IOException {
        this(MtaDirectory.create(parent, "mta", List.of(mainCf)));
    }

    /** By a configuration that is there. */
    RunningMta(MtaDirectory directory) throws IOException {
        super(directory);
        start();
    }

    void start() throws IOException {
        Configuration configuration = Configuration.read(directory().path(), new LocalHost());
        QueueDirectory queue = ConfigDirectory.queueDirectory(configuration);
        queue.create();
        lock = MasterLock.tryTake(queue.processIdFile());
        mta = Mta.start(configuration, queue);
    }

    void stop() throws IOException {
        mta.close();
        lock.close();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
