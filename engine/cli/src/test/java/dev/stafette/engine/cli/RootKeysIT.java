// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.cli.Installation.Outcome;
import dev.stafette.engine.demo.HeldPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that only root may read, as certbot's keys: root's start and reload lend them. */
@Timeout(600)
class RootKeysIT {
    @TempDir
    private Path directory;

    private Path live;
    private Path archive;
    private Path passwords;
    private Path lent;
    private int port;
    private Installation installation;

    @BeforeEach
    void configure() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "not root");
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/run")), "no /run");
        Programs.require("setpriv");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        live = Files.createDirectories(directory.resolve("letsencrypt/live/b.test"));
        archive = Files.createDirectories(directory.resolve("letsencrypt/archive/b.test"));
        for (Path closed : List.of(live.getParent(), archive.getParent())) {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
        lent = Path.of("/run/stafette-lent/" + directory.toRealPath().toString().replace("/", "%2F"));
        passwords = rootsOwn(directory.resolve("sasl_passwd"), "[mx.b.test] u:secret\n");
        port = HeldPort.next();
        installation = new Installation(
                directory,
                "compatibility_level = 3.9\nbase = " + directory + "\nqueue_directory = ${base}/spool\n"
                        + "mail_owner = nobody\nsmtp_sasl_auth_enable = yes\n"
                        + "smtp_sasl_password_maps = texthash:$base/sasl_passwd\n"
                        + "smtpd_tls_cert_file = $base/letsencrypt/live/b.test/fullchain.pem\n",
                List.of());
        installation.writeMasterCf("127.0.0.1:" + port + " inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
                + "  -o { smtpd_tls_key_file = $base/letsencrypt/live/b.test/privkey.pem }\n");
        renew(1, "server");
    }

    @AfterEach
    void stop() throws Exception {
        if (Files.exists(directory.resolve("spool/pid/master.pid"))) {
            installation.run("postfix", "abort");
        }
    }

    private static Path rootsOwn(Path file, String text) throws Exception {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** As certbot does it. */
    private void renew(int number, String name) throws Exception {
        renew(number, name, name);
    }

    private void renew(int number, String keyName, String certificateName) throws Exception {
        for (String[] part : new String[][] {
            {"privkey", keyName + ".key"},
            {"fullchain", certificateName + ".pem"}
        }) {
            Path file = archive.resolve(part[0] + number + ".pem");
            rootsOwn(file, TestCertificates.text(part[1]));
            Path link = live.resolve(part[0] + ".pem");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of("../../archive/b.test", part[0] + number + ".pem"));
        }
    }

    private String shownSubject() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate(List.of())}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + ' ' + Files.getOwner(file);
    }

    @Test
    void lendsKeysAndLendsThemAgainWhenTheyAreRenewed() throws Exception {
        Outcome started = installation.run("postfix", "start");
        assertEquals(0, started.exitCode(), started.err());
        assertEquals("CN=mx.b.test", shownSubject());
        assertEquals("rwx--x--x root", permissions(lent));
        assertEquals("r-------- nobody", permissions(Path.of(lent + live.toString() + "/privkey.pem")));
        assertEquals("r-------- nobody", permissions(Path.of(lent + passwords.toString())));
        // What anybody may read is read there.
        assertFalse(Files.exists(Path.of(lent + directory.toString() + "/main.cf")));

        renew(2, "stranger");
        assertEquals(0, installation.run("postfix", "reload").exitCode());
        long deadlineMs = System.currentTimeMillis() + 60_000;
        while (!shownSubject().equals("CN=stranger.test") && System.currentTimeMillis() < deadlineMs) {
            Thread.sleep(20);
        }
        assertEquals("CN=stranger.test", shownSubject());

        // A key of somebody else's: it goes on with what it has.
        renew(3, "client", "server");
        Outcome refused = installation.run("postfix", "reload");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("the private key is not that of the certificate in "), refused.err());
        assertEquals("CN=stranger.test", shownSubject());

        assertEquals(0, installation.run("postfix", "stop").exitCode());
        assertFalse(Files.exists(lent));
    }

    @Test
    void lendsNothingThatSomebodyElseCouldHaveChosen() throws Exception {
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        Path key = rootsOwn(theirs.resolve("key.pem"), TestCertificates.text("server.key"));
        Files.setOwner(
                theirs, theirs.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        installation.writeMasterCf("127.0.0.1:" + port + " inet n - n - - smtpd -o smtpd_tls_wrappermode=yes"
                + " -o smtpd_tls_key_file=" + key + "\n");
        Outcome started = installation.run("postfix", "start");
        assertEquals(1, started.exitCode());
        assertTrue(
                started.err()
                        .contains("warning: " + key + ": nobody may not read it, and it is not lent: others than"
                                + " root may change " + theirs),
                started.err());
        assertFalse(Files.exists(Path.of(lent + key.toString())));

        // Nor when the names themselves are not root's.
        lend();
        assertTrue(Files.exists(lent));
        Files.setPosixFilePermissions(directory.resolve("main.cf"), PosixFilePermissions.fromString("rw-rw-rw-"));
        lend();
        assertFalse(Files.exists(lent));
    }

    /** As a unit of systemd has it done. */
    private void lend() throws Exception {
        String command = "MAIL_CONFIG=" + directory + " exec " + Installation.script() + " lend";
        assertEquals(
                0, Installation.execute(List.of("sh", "-c", command), directory).exitCode());
    }
}
