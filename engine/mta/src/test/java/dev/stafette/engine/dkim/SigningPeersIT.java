// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.intake.IntakeStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of ours, RSA and Ed25519, as Debian's dkimpy reads them; and messages that were made to be hard to canonicalize. */
@Timeout(180)
class SigningPeersIT {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path DKIMPY = Path.of("/usr/lib/python3/dist-packages/dkim/__init__.py");
    private static final Path NACL = Path.of("/usr/lib/python3/dist-packages/nacl/__init__.py");
    private static final long SEED = 6376;
    private static final int RANDOM_MESSAGES = 24;

    /** Prints, for each message file, how the check of either signature went. */
    private static final String SCRIPT = String.join(
            "\n",
            "import dkim, sys",
            "keys = dict(line.split('=', 1) for line in open(sys.argv[1]).read().splitlines())",
            "def record(name, timeout=5):",
            "    return keys[name.decode().split('.')[0]].encode()",
            "for file in sys.argv[2:]:",
            "    signed = dkim.DKIM(open(file, 'rb').read())",
            "    said = []",
            "    for index in range(2):",
            "        try:",
            "            said.append(str(signed.verify(idx=index, dnsfunc=record)))",
            "        except Exception as why:",
            "            said.append(repr(why))",
            "    print(' '.join(said))");

    @TempDir
    Path directory;

    @BeforeEach
    void findsTheProgram() {
        Programs.require(PYTHON);
        Programs.require(Files.exists(DKIMPY) && Files.exists(NACL), "python3-dkim and python3-nacl");
    }

    @Test
    void isReadByDkimpy() throws IOException, InterruptedException {
        List<String> messages = messages();
        List<String> arguments = new ArrayList<>(List.of(
                PYTHON.toString(),
                Files.writeString(directory.resolve("verify.py"), SCRIPT).toString(),
                directory.resolve("records").toString()));
        try (SignedMail mail = new SignedMail(directory)) {
            Files.write(
                    directory.resolve("records"),
                    List.of("r=v=DKIM1; " + mail.rsaRecord(), "e=v=DKIM1; " + mail.ed25519Record()));
            List<String> keys = List.of("1 a.test:r:rsa.pem", "2 a.test:e:ed25519.pem");
            for (int i = 0; i < messages.size(); i++) {
                IntakeStep step = mail.step(
                        new FakeTables(),
                        keys,
                        "dkim_canonicalization = " + (i % 2 == 0 ? "relaxed/relaxed" : "simple/simple"));
                String signed = mail.sent(step, true, messages.get(i));
                arguments.add(write("message" + i, signed).toString());
                if (i < 2) {
                    arguments.add(write("header" + i, signed.replace("From: Joe", "From: Jo"))
                            .toString());
                    arguments.add(write("body" + i, signed.replaceFirst("\\.\r\n$", "x\r\n.\r\n"))
                            .toString());
                }
            }
        }
        String hold = "True True\n";
        String changed = "False False\n".repeat(2);
        assertEquals(
                (hold + changed).repeat(2) + hold.repeat(messages.size() - 2),
                run(arguments).replaceAll("ValidationError\\([^\n]*?\\)(?= |\n)", "False"));
    }

    private Path write(String name, String wire) throws IOException {
        return Files.write(directory.resolve(name), content(wire));
    }

    /** The wire form's content. */
    private static byte[] content(String wire) {
        return wire.substring(0, wire.length() - ".\r\n".length())
                .replace("\r\n.", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> messages() {
        String header = "From: Joe <joe@a.test>\r\nTo: x@b.test,\r\n\ty@b.test  \r\nSubject:  a  b\t\r\n";
        List<String> messages = new ArrayList<>();
        for (String body : List.of("", "\r\n", " \r\n\r\n", "a\r\n", "a  b \t\r\n\r\n\r\n", "..\r\n...\r\n")) {
            messages.add(header + "\r\n" + body + ".\r\n");
            messages.add(header + "\r\n" + body + ".\r\n");
        }
        Random random = new Random(SEED);
        String letters = "ab \t\u00e4.\n";
        for (int i = 0; i < RANDOM_MESSAGES; i++) {
            StringBuilder body = new StringBuilder();
            for (int j = random.nextInt(300); j > 0; j--) {
                char c = letters.charAt(random.nextInt(letters.length()));
                boolean isDot = c == '.' && (body.length() == 0 || body.charAt(body.length() - 1) == '\n');
                body.append(isDot ? ".." : c == '\n' ? "\r\n" : String.valueOf(c));
            }
            messages.add(header + "To: again@b.test\r\n\r\n" + body + "\r\n.\r\n");
        }
        return messages;
    }

    private static String run(List<String> arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(arguments).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(30, TimeUnit.SECONDS);
        return said;
    }
}
