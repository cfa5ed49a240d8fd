// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Debian's package installs for an "Internet Site", started as it is but for the port and the queue's place. */
@Timeout(600)
class StockConfigurationIT {
    private static final String SCRIPT = "postfix/postfix-script: ";
    private static final Path SHARE = Path.of("/usr/share/postfix");

    /** What the package's installation script adds to main.cf. */
    private static final String ANSWERS = """
            smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated defer_unauth_destination
            myhostname = host.example.org
            alias_maps = hash:/etc/aliases
            alias_database = hash:/etc/aliases
            mydestination = $myhostname, example.org, localhost.example.org, localhost
            relayhost =
            mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
            mailbox_size_limit = 0
            recipient_delimiter = +
            inet_interfaces = all
            inet_protocols = all
            """;

    private static final Path KEY = Path.of("/etc/ssl/private/ssl-cert-snakeoil.key");

    @TempDir
    private Path directory;

    private Installation installation;

    @AfterEach
    void stop() throws Exception {
        if (installation != null) {
            installation.run("postfix", "abort");
        }
    }

    private void install() throws Exception {
        Programs.require(Files.isRegularFile(SHARE.resolve("main.cf.debian")), "Debian's postfix");
        // Its key can be read by root, and by a group that the launcher passes on.
        Assumptions.assumeTrue(Installation.isRoot(), "skipped: only root may read Debian's key");
        Programs.require(Files.exists(KEY), "ssl-cert");
        Programs.require("setpriv");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String main = Files.readString(SHARE.resolve("main.cf.debian"))
                + Files.readString(SHARE.resolve("main.cf.tls"))
                + ANSWERS
                + "queue_directory = " + directory.resolve("spool") + "\nmail_owner = nobody\n";
        installation = new Installation(directory, main, List.of());
        installation.writeMasterCf(Files.readString(SHARE.resolve("master.cf.dist"))
                .replaceFirst("(?m)^smtp      inet", "127.0.0.1:0 inet"));
    }

    /** What a line of a command's is about: the parameter or the text behind the script's name. */
    private static List<String> subjects(Outcome outcome, String part) {
        return outcome.err()
                .lines()
                .filter(line -> line.startsWith(SCRIPT) && line.contains(part))
                .map(line -> line.replaceFirst(".*parameter '([a-zA-Z_]+)'.*", "$1"))
                .toList();
    }

    @Test
    void isStartedWithWarningsOfWhatIsMissingAlone() throws Exception {
        install();
        Outcome started = installation.run("postfix", "start");
        assertEquals(0, started.exitCode(), started.err());
        assertEquals(List.of(), subjects(started, "warning: "));
        Outcome checked = installation.run("postfix", "check");
        assertEquals(
                List.of(
                        SCRIPT + "without a meaning here, as nobody on a terminal is told of new mail: biff",
                        SCRIPT + "without a meaning here, as files, programs and documents of the Postfix package are"
                                + " not looked for: readme_directory",
                        SCRIPT + "without a meaning here, as what they steer is done in another way:"
                                + " smtp_tls_session_cache_database"),
                subjects(checked, "without a meaning"));
    }
}
