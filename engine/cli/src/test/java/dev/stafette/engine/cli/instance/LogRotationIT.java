// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.cli.RunningMta;
import dev.stafette.engine.cli.Spoken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code postfix logrotate}. */
@Timeout(300)
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
        Path compressor = Files.writeString(directory.resolve("compressor"), "#!/bin/sh\nmv \"$1\" \"$1.z\"\n");
        Files.setPosixFilePermissions(compressor, PosixFilePermissions.fromString("rwxr-xr-x"));
        PeerCommand command = rotate("maillog_file = " + log + "\nmaillog_file_compressor = " + compressor
                + "\nmaillog_file_rotate_suffix = of-%%\n");
        assertEquals(0, command.exitCode(), command.err());
        assertEquals("", Files.readString(log));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        assertEquals("a line\n", Files.readString(directory.resolve("mail.log.of-%.z")));
        assertTrue(command.err().contains(directory + "/mail.log.of-%\n"), command.err());
    }

    @Test
    void saysWhatDoesNotWork() throws Exception {
        Path log = Files.writeString(directory.resolve("mail.log"), "a line\n");
        assertEquals(
                "postfix: fatal: empty 'maillog_file_compressor' parameter value - logfile rotation failed\n",
                rotate("maillog_file = " + log + "\nmaillog_file_compressor =\n")
                        .err());
        PeerCommand command = rotate("maillog_file = " + log + "\nmaillog_file_compressor = false\n");
        assertEquals(1, command.exitCode());
        assertTrue(
                command.err().endsWith("postfix/postfix-script: fatal: logfile rotation failed: false failed: \n"),
                command.err());
    }

    /** The process goes on in the new file, and writes no line into what is compressed. */
    @Test
    void leavesAloneWhatIsStillWritten() throws Exception {
        try (RunningMta mta = new RunningMta(directory)) {
            Path log = mta.directory().path().resolve("mail.log");
            Files.writeString(
                    mta.directory().path().resolve("main.cf"),
                    Files.readString(mta.directory().path().resolve("main.cf"))
                            + "maillog_file_compressor = true\nmaillog_file_rotate_suffix = old\n");
            Spoken rotated = mta.run("postfix", "logrotate");
            assertEquals(0, rotated.exitCode(), rotated.err());
            long sizeBytes = Files.size(log.resolveSibling("mail.log.old"));
            assertEquals(0, mta.run("postfix", "reload").exitCode());
            while (Files.size(log) == 0) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertEquals(sizeBytes, Files.size(log.resolveSibling("mail.log.old")));
        }
    }

    @Test
    void saysThatThereIsNone() throws Exception {
        PeerCommand command = rotate("");
        assertEquals(1, command.exitCode());
        assertEquals("postfix: fatal: no mail log to rotate: maillog_file is empty\n", command.err());
    }
}
