// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Dialogue;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.auth.CredentialAnswer;
import dev.stafette.delivery.smtp.SmtpClientSettings.HelloMode;
import io.netty.channel.epoll.Epoll;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays every dialogue of src/test/resources/smtp: as it stands, with replies byte by byte, and without epoll. */
class DialogueIT {
    private static final Path DIALOGUES = Path.of("src/test/resources/smtp");

    @TestFactory
    Stream<DynamicTest> followsTheDialogue() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(DIALOGUES)) {
            for (Path file : files.sorted().toList()) {
                ClientDialogue dialogue = ClientDialogue.read(file);
                tests.add(DynamicTest.dynamicTest(dialogue.name, () -> play(dialogue, false, Epoll.isAvailable())));
                if (dialogue.options.stream().anyMatch(option -> option.key().equals("@whole"))) {
                    continue;
                }
                tests.add(DynamicTest.dynamicTest(dialogue.name + ", byte by byte", () -> play(dialogue, true, false)));
            }
        }
        return tests.stream();
    }

    private static void play(ClientDialogue dialogue, boolean drip, boolean epoll) throws Exception {
        FakeSite.Script[] scripts = dialogue.connections.stream()
                .map(script -> (FakeSite.Script) wire -> {
                    if (drip) {
                        wire.drip();
                    }
                    script.play(wire);
                })
                .toArray(FakeSite.Script[]::new);
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, scripts);
                Courier courier = new Courier(settings(dialogue, site.port()), Courier.routes(), epoll)) {
            dialogue.clock = courier::letPass;
            for (ClientDialogue.Message message : dialogue.messages) {
                FileBody body = FileBody.of(message.content());
                DeliveryReport report = Courier.await(courier.send("[127.0.0.1]", message.envelope(), body));
                check(message, report, site.port());
                body.awaitRelease();
            }
            site.verify();
            assertEquals(scripts.length, site.connectionCount());
        }
    }

    private static SmtpClientSettings settings(ClientDialogue dialogue, int port) {
        SmtpTimeouts timeouts = SmtpTimeouts.DEFAULTS;
        HelloMode mode = HelloMode.ALWAYS_EHLO;
        boolean skip5xx = true;
        int mxSessionLimit = 2;
        boolean tellsOrigin = false;
        ClientLogins logins = null;
        LmtpSettings lmtp = null;
        SessionReuse reuse = Courier.KEPT;
        for (Dialogue.Line option : dialogue.options) {
            switch (option.key()) {
                case "@whole" -> {
                    // For the choice of tests.
                }
                case "@timeout" -> timeouts = Courier.watched(Duration.ofSeconds(Long.parseLong(option.text())));
                case "@never-ehlo" -> mode = HelloMode.NEVER_EHLO;
                case "@ehlo-when-greeted" -> mode = HelloMode.EHLO_WHEN_GREETED;
                case "@believe-5xx-greeting" -> skip5xx = false;
                case "@origin" -> tellsOrigin = true;
                case "@lmtp" -> lmtp = new LmtpSettings(false, Path.of("/"));
                case "@lmtp-final" -> lmtp = new LmtpSettings(true, Path.of("/"));
                case "@login" -> logins = logins(option.text(), true);
                case "@login-or-bounce" -> logins = logins(option.text(), false);
                case "@no-reuse" -> reuse = SessionReuse.NONE;
                case "@idle" ->
                    reuse = new SessionReuse(
                            Duration.ofMillis(Long.parseLong(option.text())), 0, Duration.ofSeconds(300), true);
                default -> throw new IllegalArgumentException(option.toString());
            }
        }
        return new SmtpClientSettings(
                Courier.MY_HOSTNAME,
                Courier.MY_HOSTNAME,
                mode,
                skip5xx,
                port,
                mxSessionLimit,
                SmtpClientSettings.LINE_BYTES_MAX,
                true,
                null,
                null,
                timeouts,
                reuse,
                "",
                tellsOrigin,
                logins,
                lmtp,
                ClientHabits.USUAL);
    }

    /** {@code text}: name, colon, password; {@code ?}: nobody can tell; {@code -}: nobody logs in. */
    private static ClientLogins logins(String text, boolean softBounce) {
        int colon = text.indexOf(':');
        return new ClientLogins(
                (query, loop, listener) -> loop.execute(() -> listener.accept(
                        switch (text) {
                            case "?" -> new CredentialAnswer.Unavailable();
                            case "-" -> new CredentialAnswer.Nobody();
                            default ->
                                new CredentialAnswer.Login(
                                        text.substring(0, colon), text.substring(colon + 1), query.offered());
                        })),
                softBounce,
                false,
                Runnable::run);
    }

    private static void check(ClientDialogue.Message message, DeliveryReport report, int port) {
        List<String> actual = new ArrayList<>();
        for (int i = 0; i < report.outcomes().length; i++) {
            actual.add(message.envelope().recipients().get(i).address() + " " + Courier.show(report.outcomes()[i]));
        }
        assertEquals(String.join("\n", fill(message.results(), port)), String.join("\n", actual));
        List<String> failures = report.siteFailure() == null ? List.of() : List.of(report.siteFailure());
        assertEquals(fill(message.siteFailures(), port), failures);
    }

    private static List<String> fill(List<String> texts, int port) {
        return texts.stream()
                .map(text -> text.replace("%h", "127.0.0.1[127.0.0.1]").replace("%p", String.valueOf(port)))
                .toList();
    }
}
