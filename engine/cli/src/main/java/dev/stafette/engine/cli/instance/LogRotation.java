// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.OpenedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * {@code postfix logrotate}: puts the mail log aside, under a name with the time, and compresses it.
 * Thread: main.
 */
final class LogRotation {
    private final Path log;
    private final String suffix;
    private final String compressor;

    private LogRotation(Path log, String suffix, String compressor) {
        this.log = log;
        this.suffix = suffix;
        this.compressor = compressor;
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
        return new LogRotation(
                Path.of(file),
                notEmpty(settings, "maillog_file_rotate_suffix"),
                notEmpty(settings, "maillog_file_compressor"));
    }

    private static String notEmpty(Settings settings, String name) {
        String value = settings.text(name);
        if (value.isEmpty()) {
            throw new ConfigException("empty '" + name + "' parameter value - logfile rotation failed");
        }
        return value;
    }

    Path log() {
        return log;
    }

    /** Makes a new one at once, as whoever owns the old one: the process may not create it where that is root's place. */
    Path putAside() throws IOException {
        Path aside = log.resolveSibling(log.getFileName() + "." + outputOf("date", "+" + suffix));
        if (Files.exists(aside)) {
            throw new IOException(aside + " is there already");
        }
        Object owner = Files.getAttribute(log, "unix:uid");
        Object group = Files.getAttribute(log, "unix:gid");
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(log);
        Files.move(log, aside);
        try (OpenedFile made = OpenedFile.open(
                log,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            if (!owner.equals(Files.getAttribute(made.path(), "unix:uid"))
                    || !group.equals(Files.getAttribute(made.path(), "unix:gid"))) {
                Files.setAttribute(made.path(), "unix:uid", owner);
                Files.setAttribute(made.path(), "unix:gid", group);
            }
            Files.setPosixFilePermissions(made.path(), mode);
        }
        return aside;
    }

    /** For a file that nobody writes any more. */
    void compress(Path aside) throws IOException {
        outputOf(compressor, aside.toString());
    }

    /** Of a program that ends well; else an IOException has what it said. */
    private static String outputOf(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() == 0) {
                return output;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException(command[0] + " failed: " + output);
    }
}
