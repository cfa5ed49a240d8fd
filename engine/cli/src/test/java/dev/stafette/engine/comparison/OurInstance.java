// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.Mta;
import dev.stafette.engine.admin.MasterLock;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A running one of ours, in this JVM and in a directory of its own. */
final class OurInstance implements AutoCloseable {
    private static final List<String> MASTER_CF = List.of(
            "smtp unix - - n - - smtp",
            "relay unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "discard unix - - n - - discard",
            "verify unix - - n - 1 verify");

    private final Mta mta;
    private final MasterLock lock;

    private OurInstance(Mta mta, MasterLock lock) {
        this.mta = mta;
        this.lock = lock;
    }

    /** {@code tables}: to be built, {@code type:path}. */
    static OurInstance start(
            Path directory, List<String> mainCf, List<String> masterCf, List<String> tables, String nameServer)
            throws IOException {
        List<String> main = new ArrayList<>(mainCf);
        main.addAll(List.of(
                "queue_directory = " + directory.resolve("queue"),
                "maillog_file = " + directory.resolve("mail.log"),
                "mail_owner = nobody",
                "data_directory = " + directory.resolve("data"),
                "dns_servers = " + nameServer,
                // The name server is another thread, which a busy machine may keep waiting.
                "dns_timeout = 60s"));
        Files.write(directory.resolve("main.cf"), main);
        List<String> rows = new ArrayList<>(MASTER_CF);
        rows.addAll(masterCf);
        Files.write(directory.resolve("master.cf"), rows);
        if (!tables.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("-c", directory.toString()));
            words.addAll(tables);
            PeerCommand done = PeerCommand.runOurs("postmap", words);
            assertEquals(0, done.exitCode(), done.err());
        }
        Configuration configuration = Configuration.read(directory, new LocalHost());
        QueueDirectory queue = ConfigDirectory.queueDirectory(configuration);
        queue.create();
        MasterLock lock = MasterLock.tryTake(queue.processIdFile());
        try {
            return new OurInstance(Mta.start(configuration, queue), lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            mta.close();
        }
    }
}
