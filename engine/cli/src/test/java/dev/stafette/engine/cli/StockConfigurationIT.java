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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Debian's package installs for an "Internet Site", started as it is but for the port and the queue's place. */
@Timeout(120)
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
        List<String> before = List.of();
        if (Installation.isRoot()) {
            Programs.require("setpriv");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
            before = List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--");
        }
        String main = Files.readString(SHARE.resolve("main.cf.debian"))
                + Files.readString(SHARE.resolve("main.cf.tls"))
                + ANSWERS
                + "queue_directory = " + directory.resolve("spool") + "\n";
        installation = new Installation(directory, main, before);
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
        assertEquals(
                List.of(
                        "smtpd_tls_cert_file",
                        "smtpd_tls_key_file",
                        "smtpd_tls_security_level",
                        "smtp_tls_CApath",
                        "smtp_tls_security_level",
                        "smtp_tls_session_cache_database",
                        "mailbox_size_limit"),
                subjects(started, "warning: "));
        Outcome checked = installation.run("postfix", "check");
        assertEquals(
                List.of(
                        SCRIPT + "without a meaning here, as nobody on a terminal is told of new mail: biff",
                        SCRIPT + "without a meaning here, as files, programs and documents of the Postfix package are"
                                + " not looked for: readme_directory"),
                subjects(checked, "without a meaning"));
    }
}
