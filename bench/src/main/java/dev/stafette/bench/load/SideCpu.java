// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPU that all processes of one mail system have used, which are those that name its directory: in their arguments, where it may be
 * part of a socket's name, or as MAIL_CONFIG in what they were started with.
 * Thread: main.
 */
final class SideCpu {
    /** USER_HZ, which is a constant of the kernel's interface. */
    private static final long TICK_US = 10_000;

    private final String directory;
    private final String inName;

    SideCpu(Path directory) {
        this.directory = directory.toString();
        this.inName = directory.toString().substring(1).replace('/', '-');
    }

    /** Of those that are alive. */
    long usedUs() throws IOException {
        long us = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                us += usedUs(process);
            }
        }
        return us;
    }

    private long usedUs(Path process) {
        try {
            String arguments = read(process.resolve("cmdline"));
            if (!arguments.contains(directory)
                    && !arguments.contains(inName)
                    && !read(process.resolve("environ")).contains("MAIL_CONFIG=" + directory)) {
                return 0;
            }
            String stat = read(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_US;
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
