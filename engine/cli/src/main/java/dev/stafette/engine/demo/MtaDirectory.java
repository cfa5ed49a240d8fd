// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.admin.QueueDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A directory with the configuration, the queue and the log of one mail system that will not live long.
 * Thread: any (a value).
 *
 * @param port where it listens on 127.0.0.1
 */
public record MtaDirectory(Path path, int port) {
    private static final int DELETE_ATTEMPTS = 100;
    private static final long DELETE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final String MASTER_CF = """
            127.0.0.1:%d inet n - n - 0 smtpd
            pickup unix n - n 60 1 pickup
            smtp unix - - n - - smtp
            relay unix - - n - - smtp
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            """;

    private static final String MAIN_CF = """
            compatibility_level = 3.9
            myhostname = %s.test
            mydestination =
            inet_interfaces = loopback-only
            mynetworks = 127.0.0.0/8
            mail_owner = nobody
            queue_directory = %s
            data_directory = %s
            maillog_file = %s
            """;

    /** Writes a configuration that listens on a port of its own, with these lines of main.cf added. */
    public static MtaDirectory create(Path parent, String name, List<String> mainCf) throws IOException {
        Path path = Files.createDirectories(parent.resolve(name));
        MtaDirectory directory = new MtaDirectory(path, HeldPort.next());
        String own = MAIN_CF.formatted(name, directory.queue(), path.resolve("data"), path.resolve("mail.log"));
        Files.writeString(path.resolve("main.cf"), own + String.join("\n", mainCf) + "\n");
        Files.writeString(path.resolve("master.cf"), MASTER_CF.formatted(directory.port()));
        return directory;
    }

    /** A directory for such directories. Others may look into it: when root starts a mail system, it becomes nobody. */
    public static Path createParent(Path where, String prefix) throws IOException {
        return Files.createTempDirectory(
                where, prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    Path queue() {
        return path.resolve("queue");
    }

    Path errors() {
        return path.resolve("stderr.log");
    }

    Path adminSocket() {
        return new QueueDirectory(queue(), "pid").adminSocket();
    }

    /**
     * Deletes a directory and everything in it. Whoever is about to end may still write there, or delete something himself: then
     * it is tried again for a while.
     */
    public static void delete(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                deleteOnce(directory);
                return;
            } catch (IOException | UncheckedIOException e) {
                if (attempt == DELETE_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(DELETE_PAUSE_NS);
            }
        }
    }

    private static void deleteOnce(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
