// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What programs of pipe(8), and those of users, are told of the client that a message came from, in one mail system. */
final class ClientCases {
    private static final long WAIT_S = 60;
    private static final String EHLO = "EHLO c.test";
    private static final String MAIL = "MAIL FROM:<S.s@A.test>";

    /** What is said in front of RCPT. */
    private static final List<List<String>> SESSIONS = List.of(
            List.of("HELO $c`x`.test", MAIL),
            List.of(EHLO, LoginServer.AUTH_PLAIN, MAIL),
            List.of(EHLO, LoginServer.AUTH_PLAIN, MAIL + " AUTH=o+40o.test"),
            List.of(EHLO, MAIL + " AUTH=o+40o.test"),
            List.of(EHLO, "XFORWARD NAME=n.test ADDR=192.0.2.9 PORT=4711 PROTO=SMTP HELO=h", MAIL),
            List.of(EHLO, "XFORWARD ADDR=IPV6:2001:db8::2 HELO=h+2Bh", MAIL),
            List.of(EHLO, "XFORWARD NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE] PROTO=ESMTP IDENT=X", MAIL),
            List.of(EHLO, "XFORWARD IDENT=X SOURCE=LOCAL", MAIL));

    private static final List<String> MACROS = List.of(
            "client_address",
            "client_helo",
            "client_hostname",
            "client_port",
            "client_protocol",
            "sasl_method",
            "sasl_username",
            "sasl_sender",
            "original_recipient");

    private final Path directory;
    private final LoginServer logins;

    /** {@code directory}: anybody may read it. */
    ClientCases(Path directory, LoginServer logins) throws IOException {
        this.directory = directory;
        this.logins = logins;
        Files.writeString(
                directory.resolve("told"),
                "out=$1; shift\nfor word; do echo \"[$word]\"; done >$out-$$; env | sort >>$out-$$\n"
                        + "mv $out-$$ $out.$$\n");
        Files.writeString(
                directory.resolve("aliases"),
                "prog \"|/bin/sh " + directory + "/told " + directory + "/seen/local\"\n");
    }

    List<String> mainCf() {
        return List.of(
                "smtpd_authorized_xforward_hosts = 127.0.0.0/8",
                "smtpd_sasl_auth_enable = yes",
                "smtpd_sasl_type = dovecot",
                "smtpd_sasl_path = " + logins.path(),
                "alias_maps = texthash:" + directory + "/aliases");
    }

    List<String> rows() {
        StringBuilder words = new StringBuilder();
        MACROS.forEach(macro -> words.append(" ${").append(macro).append('}'));
        return List.of(
                "local unix - n n - - local",
                "told unix - n n - - pipe\n  user=daemon argv=/bin/sh " + directory + "/told " + directory
                        + "/seen/pipe" + words);
    }

    /** What the programs have seen, session by session. */
    List<String> outcomes(int port) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        for (List<String> session : SESSIONS) {
            List<String> commands = new ArrayList<>(session);
            commands.addAll(
                    List.of("RCPT TO:<prog+e@b.test>", "RCPT TO:<u@told.test>", "DATA", "X: y\r\n\r\nx\r\n.", "QUIT"));
            List<String> said = MilterComparisonIT.say(commands, port);
            assertTrue(said.toString().contains("250 2.0.0 Ok: queued"), said::toString);
            all.add(session + "\n" + await("local.") + await("pipe."));
        }
        return all;
    }

    private String await(String prefix) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline) {
            try (Stream<Path> files = Files.list(directory.resolve("seen"))) {
                for (Path file : files.toList()) {
                    // It has this name when it is whole.
                    if (file.getFileName().toString().startsWith(prefix)) {
                        String text = Files.readString(file, StandardCharsets.UTF_8);
                        Files.delete(file);
                        return prefix + "\n"
                                + text.replaceAll("(?m)^(PWD|OLDPWD|_|SHLVL|MAIL_CONFIG)=.*\n", "")
                                        .replaceAll("(?m)^\\[\\d{5}]$", "[PORT]");
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return prefix + " has seen nothing\n";
    }
}
