// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postfix logrotate}, with the mail system down. */
class LogRotationIT {
    @TempDir
    Path directory;

    private PeerCommand rotate(String mainCf) throws Exception {
        Files.writeString(directory.resolve("main.cf"), "queue_directory = " + directory + "/queue\n" + mainCf);
        return PeerCommand.runOurs("postfix", List.of("-c", directory.toString(), "logrotate"));
    }

    @Test
    void putsTheLogAside() throws Exception {
        Path log = directory.resolve("mail.log");
        Files.writeString(log, "a line\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r-----"));
        PeerCommand command = rotate("maillog_file = " + log + "\n");
        assertEquals(0, command.exitCode(), command.err());
        assertEquals("", Files.readString(log));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        try (Stream<Path> files = Files.list(directory)) {
            Path aside = files.filter(file -> file.getFileName().toString().startsWith("mail.log."))
                    .findFirst()
                    .orElseThrow();
            assertEquals("a line\n", Files.readString(aside));
            assertTrue(command.err().contains(aside.toString()), command.err());
        }
    }

    @Test
    void saysThatThereIsNone() throws Exception {
        PeerCommand command = rotate("");
        assertEquals(1, command.exitCode());
        assertEquals("postfix: fatal: no mail log to rotate: maillog_file is empty\n", command.err());
    }
}
