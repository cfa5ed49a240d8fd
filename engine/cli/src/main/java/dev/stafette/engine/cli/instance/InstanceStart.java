// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.Mta;
import dev.stafette.engine.Sections;
import dev.stafette.engine.admin.MasterLock;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.queue.QueueSpace;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * {@code postfix start} and {@code start-fg}, in the process that becomes the mail system.
 * Thread: main, which then waits for the end.
 */
final class InstanceStart {
    private final Path configDirectory;
    private final StartReport report;

    InstanceStart(Path configDirectory, StartReport report) {
        this.configDirectory = configDirectory;
        this.report = report;
    }

    int run() {
        try {
            return start();
        } catch (ConfigException e) {
            report.fatal(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException | StorageException e) {
            report.fatal("mail system startup failed: " + e.getMessage());
        }
        return ExitCode.FAILED;
    }

    private int start() throws IOException {
        if (isRoot()) {
            report.fatal("the mail system must not run as root; bin/postfix becomes mail_owner first");
            return ExitCode.FAILED;
        }
        Configuration configuration = Configuration.read(configDirectory, new LocalHost());
        QueueDirectory directory = ConfigDirectory.queueDirectory(configuration);
        createDirectory(directory);
        try (MasterLock lock = MasterLock.tryTake(directory.processIdFile())) {
            if (lock == null) {
                report.fatal("the Postfix mail system is already running");
                return ExitCode.FAILED;
            }
            configuration.check(Sections::check).forEach(report::warning);
            report.info("starting the Postfix mail system");
            runUntilEnd(configuration, directory);
            return ExitCode.OK;
        }
    }

    private static void createDirectory(QueueDirectory directory) throws IOException {
        try {
            directory.create();
        } catch (IOException e) {
            throw new IOException("cannot create the queue directory: " + e, e);
        }
    }

    private void runUntilEnd(Configuration configuration, QueueDirectory directory) throws IOException {
        try (Mta mta = Mta.start(configuration, directory)) {
            // SIGTERM and SIGINT stop it in good order, too.
            Runtime.getRuntime().addShutdownHook(new Thread(mta::stopAndWait, "shutdown"));
            QueueSpace space = mta.space();
            if (space != null && space.isShort()) {
                report.warning(space.text() + "; " + QueueSpace.CONSEQUENCE);
            }
            report.ready();
            mta.awaitEnd();
        }
    }

    /** By the owner of our own /proc entry: user names can be anything. */
    private static boolean isRoot() {
        int self = LocalHost.userId();
        return self < 0
                ? ProcessHandle.current().info().user().filter("root"::equals).isPresent()
                : self == 0;
    }
}
