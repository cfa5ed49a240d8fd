// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signatures and seals of Debian's dkimpy as we read them, and seals of ours as dkimpy does. */
@Timeout(180)
class VerificationPeersIT {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path DKIMPY = Path.of("/usr/lib/python3/dist-packages/dkim/__init__.py");
    private static final Path NACL = Path.of("/usr/lib/python3/dist-packages/nacl/__init__.py");
    private static final TestSigner RSA = new TestSigner("RSA", 2048);
    private static final TestSigner ED25519 = new TestSigner("Ed25519", 0);
    private static final int ED25519_BYTES = 32;

    private static final String MESSAGE =
            "Authentication-Results: lists.test; spf=pass smtp.mailfrom=a.test; arc=none\r\n"
                    + "From: Joe <joe@a.test>\r\nTo: x@b.test,\r\n\ty@b.test  \r\nSubject:  a  b\t\r\n"
                    + "Date: Thu, 14 Jan 2015 15:00:01 -0800\r\n\r\nHello \t you \r\n\r\n.dot\r\n \r\n\r\n";

    /** Signs the first file in many ways, and verifies the chain of the second. */
    private static final String SCRIPT = String.join(
            "\n",
            "import dkim, sys",
            "d = sys.argv[1]",
            "message = open(d + '/message', 'rb').read()",
            "rsa = open(d + '/rsa.pem', 'rb').read()",
            "ed = open(d + '/ed', 'rb').read()",
            "n = 0",
            "for h in (b'relaxed', b'simple'):",
            "    for b in (b'relaxed', b'simple'):",
            "        for key, sel, alg in ((rsa, b'r', b'rsa-sha256'), (ed, b'e', b'ed25519-sha256')):",
            "            sig = dkim.sign(message, sel, b'a.test', key, canonicalize=(h, b), signature_algorithm=alg)",
            "            open(d + '/signed%d' % n, 'wb').write(sig + message)",
            "            n += 1",
            "seal = dkim.arc_sign(message, b'r', b'lists.test', rsa, b'lists.test')",
            "open(d + '/sealed', 'wb').write(b''.join(seal) + message)",
            "record = open(d + '/record', 'rb').read()",
            "for name in ('/ours', '/changed'):",
            "    cv, results, why = dkim.arc_verify(open(d + name, 'rb').read(), dnsfunc=lambda name, timeout=5:"
                    + " record)",
            "    print(cv.decode(), why)");

    @TempDir
    Path directory;

    @BeforeEach
    void findsTheProgram() {
        Programs.require(PYTHON);
        Programs.require(Files.exists(DKIMPY) && Files.exists(NACL), "python3-dkim and python3-nacl");
    }

    private static String wire(byte[] message) {
        String text = new String(message, StandardCharsets.ISO_8859_1).replaceAll("\r?\n", "\r\n");
        return text.replace("\r\n.", "\r\n..") + ".\r\n";
    }

    private static String content(String wire) {
        return wire.substring(0, wire.length() - ".\r\n".length()).replace("\r\n.", "\r\n");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text, StandardCharsets.ISO_8859_1);
    }

    /** The chain goes on: dkimpy's seal, and two of ours. */
    private IntakeStep seal() {
        return Objects.requireNonNull(
                new VerificationSteps(new NameQuestions(new FakeZone(), HostsFile.of(List.of())), Runnable::run)
                        .sealOf(FakeHost.settings(
                                "myhostname = mx.b.test",
                                "smtpd_authentication_methods = arc",
                                "arc_sealing_key = b.test:r:" + directory.resolve("rsa.pem"))));
    }

    @Test
    void agreesWithDkimpy() throws IOException, InterruptedException {
        byte[] ed = ED25519.keys.getPrivate().getEncoded();
        write("message", MESSAGE);
        write(
                "rsa.pem",
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(RSA.keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        write("ed", Base64.getEncoder().encodeToString(Arrays.copyOfRange(ed, ed.length - ED25519_BYTES, ed.length)));
        write("record", RSA.record());
        write("verify.py", SCRIPT);
        try (VerifiedMail mail = new VerifiedMail()) {
            for (String domain : List.of("a.test", "b.test", "lists.test")) {
                mail.zone.text("r._domainkey." + domain, RSA.record());
                mail.zone.text("e._domainkey." + domain, ED25519.record());
            }
            mail.configure("smtpd_authentication_methods = arc");
            mail.endWith(seal());
            String once = mail.take(wire(MESSAGE.getBytes(StandardCharsets.ISO_8859_1)));
            String twice = content(mail.take(once));
            write("ours", twice);
            write("changed", twice.replace("Hello", "Hallo"));

            String said = run();
            assertTrue(said.startsWith("pass success\nfail "), said);

            mail.endWithNothing();
            // What dkimpy has just signed.
            mail.nowS = System.currentTimeMillis() / 1000;
            String sealed = wire(read("sealed"));
            assertEquals("arc=pass (i=1)", VerifiedMail.results(mail.take(sealed)));
            String broken = VerifiedMail.results(mail.take(sealed.replace("Hello", "Hallo")));
            assertTrue(broken.startsWith("arc=fail (message signature i=1: body hash"), broken);
            mail.configure("smtpd_authentication_methods = dkim");
            for (int i = 0; i < 8; i++) {
                String signed = wire(read("signed" + i));
                String results = VerifiedMail.results(mail.take(signed));
                assertTrue(results.startsWith("dkim=pass"), i + ": " + results);
                results = VerifiedMail.results(mail.take(signed.replace("Hello", "Hallo")));
                assertTrue(results.startsWith("dkim=fail (body hash"), i + ": " + results);
                results = VerifiedMail.results(mail.take(signed.replace("From: Joe", "From: Jo")));
                assertTrue(results.startsWith("dkim=fail (signature did not verify)"), i + ": " + results);
            }
        }
    }

    private byte[] read(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    private String run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        PYTHON.toString(), directory.resolve("verify.py").toString(), directory.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(30, TimeUnit.SECONDS);
        return said;
    }
}
