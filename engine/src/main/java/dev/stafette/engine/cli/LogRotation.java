// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.config.ConfigException;
import dev.stafette.engine.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

/**
 * {@code postfix logrotate}: puts the mail log aside, under a name with the time.
 * Thread: main.
 *
 * <p>Postfix compresses it as well. Here the process may have a line on its way into it, so that is left to a job that
 * comes later.
 */
final class LogRotation {
    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path log;

    private LogRotation(Path log) {
        this.log = log;
    }

    /** Throws a {@link ConfigException} when there is no log that could be put aside. */
    static LogRotation of(Settings settings) {
        String file = settings.text("maillog_file");
        if (file.isEmpty()) {
            throw new ConfigException("no mail log to rotate: maillog_file is empty");
        }
        if (file.startsWith("/dev/")) {
            throw new ConfigException("no mail log to rotate: maillog_file is " + file);
        }
        return new LogRotation(Path.of(file));
    }

    /** Makes a new one at once, as whoever owns the old one: the process may not create it where that is root's place. */
    Path run(LocalDateTime now) throws IOException {
        Path aside = log.resolveSibling(log.getFileName() + "." + SUFFIX.format(now));
        if (Files.exists(aside)) {
            throw new IOException(aside + " is there already");
        }
        Object owner = Files.getAttribute(log, "unix:uid");
        Object group = Files.getAttribute(log, "unix:gid");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(log);
        Files.move(log, aside);
        Files.createFile(log);
        Files.setPosixFilePermissions(log, mode);
        if (!owner.equals(Files.getAttribute(log, "unix:uid")) || !group.equals(Files.getAttribute(log, "unix:gid"))) {
            Files.setAttribute(log, "unix:uid", owner);
            Files.setAttribute(log, "unix:gid", group);
        }
        return aside;
    }
}
