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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ours, in this JVM. */
final class OurSide implements Side {
    private static final String MASTER_CF = """
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            """;

    private final Mta mta;
    private final MasterLock lock;
    private final List<Integer> ports;

    private OurSide(Mta mta, MasterLock lock, List<Integer> ports) {
        this.mta = mta;
        this.lock = lock;
        this.ports = ports;
    }

    static OurSide start(CaseFile file, Surroundings around, Path directory) throws IOException {
        List<String> built = TableFiles.write(file.blocks(), directory);
        List<String> main = new ArrayList<>(file.settings());
        main.addAll(List.of(
                "queue_directory = " + directory.resolve("queue"),
                "maillog_file = " + directory.resolve("mail.log"),
                "mail_owner = nobody",
                "dns_servers = " + around.nameServer()));
        Files.write(directory.resolve("main.cf"), main);
        List<Integer> ports = FreePorts.find(file.blocks().size());
        StringBuilder master = new StringBuilder(MASTER_CF);
        for (int i = 0; i < ports.size(); i++) {
            master.append(Side.row(
                            ports.get(i), "smtpd", around.settings(file.blocks().get(i), directory)))
                    .append('\n');
        }
        Files.writeString(directory.resolve("master.cf"), master);
        if (!built.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("-c", directory.toString()));
            words.addAll(built);
            PeerCommand done = PeerCommand.runOurs("postmap", words);
            assertEquals(0, done.exitCode(), done.err());
        }
        Configuration configuration = Configuration.read(directory, new LocalHost());
        QueueDirectory queue = ConfigDirectory.queueDirectory(configuration);
        queue.create();
        MasterLock lock = MasterLock.tryTake(queue.processIdFile());
        return new OurSide(Mta.start(configuration, queue), lock, ports);
    }

    @Override
    public InetSocketAddress address(int block) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(block));
    }

    @Override
    public void close() throws IOException {
        mta.close();
        lock.close();
    }
}
