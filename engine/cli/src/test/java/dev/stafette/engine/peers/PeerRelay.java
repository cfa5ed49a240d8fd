// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import dev.stafette.engine.cli.BriefJvm;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The installation as a relay in front of Postfix's smtp-sink; a test that needs it is skipped without it. Thread: the test's. */
final class PeerRelay implements AutoCloseable {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();

    private final Path parent;

    // As far as it has come.
    private @Nullable SmtpSink sink;
    private @Nullable MtaDirectory directory;
    private @Nullable MtaProcess process;

    private PeerRelay(Path parent) {
        this.parent = parent;
    }

    /** What main.cf says, where files may be beside it. */
    interface MainCf {
        List<String> lines(Path parent, int sinkPort) throws Exception;
    }

    static PeerRelay start(String name, MainCf mainCf) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        PeerRelay relay = new PeerRelay(MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), name));
        try {
            relay.start(mainCf);
        } catch (Exception e) {
            relay.close();
            throw e;
        }
        return relay;
    }

    private void start(MainCf mainCf) throws Exception {
        SmtpSink opened = SmtpSink.open(parent);
        sink = opened;
        MtaDirectory made = MtaDirectory.create(parent, "relay", mainCf.lines(parent, opened.port()));
        directory = made;
        BriefJvm.writeOptions(HOME, made.path());
        MtaProcess started = MtaProcess.start(HOME, made, Map.of());
        process = started;
        started.awaitReady();
    }

    Path parent() {
        return parent;
    }

    SmtpSink sink() {
        return Objects.requireNonNull(sink);
    }

    MtaProcess process() {
        return Objects.requireNonNull(process);
    }

    MtaDirectory directory() {
        return Objects.requireNonNull(directory);
    }

    String server() {
        return "127.0.0.1:" + directory().port();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        if (sink != null) {
            sink.close();
        }
        MtaDirectory.delete(parent);
    }
}
