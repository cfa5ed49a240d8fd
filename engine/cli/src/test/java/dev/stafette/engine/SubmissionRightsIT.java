// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static dev.stafette.engine.SubmissionSite.DONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may hand in, as the installation was built; and that nothing is lost of it when the mail system is killed. */
@Timeout(300)
class SubmissionRightsIT {
    private SubmissionSite site;

    @BeforeEach
    void open() throws IOException {
        site = SubmissionSite.open();
    }

    @AfterEach
    void close() throws IOException {
        if (site != null) {
            site.close();
        }
    }

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        Set<String> sent = new HashSet<>();
        try (MtaProcess relay = site.start()) {
            for (int i = 0; i < 6; i++) {
                assertEquals(DONE, site.handIn("n" + i + "\n", "-f", "a@b", "c@d"));
                sent.add("n" + i + "\n");
                if (i == 3) {
                    killJvms();
                    relay.kill();
                }
            }
        }
        try (MtaProcess again = site.start()) {
            assertTrue(again.isAlive());
            while (!sent.isEmpty()) {
                sent.remove(site.takeFor("c@d").text());
            }
            site.awaitWaitingFiles(0);
        }
    }

    private static void killJvms() {
        ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("stafette.jar"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private void inMainCf(String from, String to) throws IOException {
        Files.writeString(site.mainCf(), Files.readString(site.mainCf()).replace(from, to));
    }

    @Test
    void takesMailOfTheGroupThatMayHandIn() throws Exception {
        SubmissionSite.assumeRoot();
        inMainCf("no-such-group", "games\ncommand_directory = /nowhere");
        // Root makes the directories.
        assertEquals(DONE, site.sendmail("hi\n", "-f", "first@x.test", "c@d"));
        assertEquals(01730, (Integer) Files.getAttribute(site.maildrop(), "unix:mode") & 07777);
        PeerCommand refused = site.sendmailAs("daemon", "-f", "no@x.test", "c@d");
        assertEquals(75, refused.exitCode());
        assertTrue(refused.err().contains("(expected: the rights of group games, or a program "), refused.err());
        assertEquals(DONE, site.sendmailAs("games", "-f", "second@x.test", "c@d"));
        try (MtaProcess relay = site.start()) {
            assertTrue(relay.isAlive());
            Set<String> senders =
                    Set.of(site.takeFor("c@d").mail(), site.takeFor("c@d").mail());
            assertEquals(Set.of("MAIL FROM:<first@x.test>", "MAIL FROM:<second@x.test>"), senders);
        }
    }

    @Test
    void handsInThroughAPostdropThatMay() throws Exception {
        SubmissionSite.assumeRoot();
        inMainCf("no-such-group", "games");
        assertEquals(DONE, site.sendmail("hi\n", "-f", "first@x.test", "c@d"));
        Path bin = Files.createDirectory(site.file("bin"));
        Path source = Files.writeString(
                site.file("postdrop.c"), WRAPPER.formatted(SubmissionSite.HOME.resolve("bin/postdrop")));
        PeerCommand compiled = site.run("", List.of("sh", "-c", "cc -o " + bin + "/postdrop " + source));
        // No program that the tests talk to: CI installs none.
        Assumptions.assumeTrue(compiled.exitCode() == 0, "there is no C compiler");
        site.run("", List.of("sh", "-c", "chgrp games " + bin + "/postdrop && chmod 2755 " + bin + "/postdrop"));
        inMainCf("setgid_group = games", "setgid_group = games\ncommand_directory = " + bin);
        assertEquals(DONE, site.sendmailAs("daemon", "-f", "second@x.test", "c@d"));
        assertEquals(2, site.waitingFiles().size());
    }

    /** As conf/README.md has it. */
    private static final String WRAPPER = """
            #include <unistd.h>
            int main(int argc, char **argv) {
                char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", 0};
                gid_t group = getegid();
                if (setregid(group, group) != 0) return 75;
                argv[0] = "%1$s";
                execve(argv[0], argv, environment);
                return 75;
            }
            """;
}
