// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.sasl.SaslClient;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins by a password file. */
@Timeout(180)
class PasswordFileTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AuthReply WRONG = new AuthReply.Rejected("", "joe", false);

    @TempDir
    Path directory;

    private final EventLoop loop = new DefaultEventLoop();
    private final List<String> warnings = new ArrayList<>();
    private final LoginFailures failures = new LoginFailures(1);
    private Path path;
    private PasswordFile file;
    private PasswordFileServer server;

    @BeforeEach
    void open() {
        path = directory.resolve("users");
        file = new PasswordFile(path);
        server = new PasswordFileServer(path, "b.test", failures, warnings::add);
    }

    @AfterEach
    void close() {
        server.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static PasswordHash hash(PasswordHash.Kind kind, String password) {
        return PasswordHash.of(kind, password, RANDOM);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is said last: to a request, and to each response. */
    private AuthReply logIn(String mechanism, String initial, String... responses) throws InterruptedException {
        BlockingQueue<AuthReply> replies = new ArrayBlockingQueue<>(8);
        Consumer<AuthReply> listener = replies::add;
        AuthExchange exchange = server.begin(
                loop, new AuthRequest(mechanism, initial, "smtp", "192.0.2.1", "192.0.2.7", false, null), listener);
        AuthReply reply = next(replies);
        for (String response : responses) {
            assertInstanceOf(AuthReply.Challenge.class, reply);
            exchange.respond(response, listener);
            reply = next(replies);
        }
        return reply;
    }

    private static AuthReply next(BlockingQueue<AuthReply> replies) throws InterruptedException {
        return Objects.requireNonNull(replies.poll(60, TimeUnit.SECONDS), "no answer");
    }

    private AuthReply plain(String user, String password) throws InterruptedException {
        return logIn("PLAIN", base64("\0" + user + "\0" + password));
    }

    @ParameterizedTest
    @EnumSource(PasswordHash.Kind.class)
    void letsThoseInWhoKnowThePasswordHoweverItIsKept(PasswordHash.Kind kind) throws Exception {
        file.put("joe", hash(kind, "sécret"));
        assertEquals(new AuthReply.Accepted("joe@b.test"), plain("joe", "sécret"));
        assertEquals(WRONG, plain("joe", "secret"));
        assertEquals(new AuthReply.Accepted("joe@b.test"), logIn("LOGIN", null, base64("joe"), base64("sécret")));
        assertEquals(WRONG, logIn("login", base64("joe"), base64("x")));
    }

    @Test
    void finishesScramWithANameThatIsKnownAndNotWithAnother() throws Exception {
        file.put("joe@b.test", hash(PasswordHash.Kind.SCRAM, "secret"));
        assertEquals(new AuthReply.Accepted("joe@b.test"), scram("joe", "secret"));
        assertEquals(WRONG, scram("joe", "wrong"));
        assertEquals(new AuthReply.Rejected("", "ann", false), scram("ann", "secret"));
    }

    private AuthReply scram(String user, String password) throws InterruptedException {
        SaslClient client = SaslClient.of("SCRAM-SHA-256", user, password, RANDOM);
        BlockingQueue<AuthReply> replies = new ArrayBlockingQueue<>(8);
        String first = Base64.getEncoder().encodeToString(client.initialResponse());
        AuthExchange exchange = server.begin(
                loop,
                new AuthRequest("SCRAM-SHA-256", first, "smtp", "192.0.2.1", "192.0.2.7", false, null),
                replies::add);
        AuthReply reply = next(replies);
        while (reply instanceof AuthReply.Challenge challenge) {
            byte[] response =
                    Objects.requireNonNull(client.respond(Base64.getDecoder().decode(challenge.text())));
            exchange.respond(Base64.getEncoder().encodeToString(response), replies::add);
            reply = next(replies);
        }
        assertEquals(reply instanceof AuthReply.Accepted, client.isComplete());
        return reply;
    }

    @Test
    void doesNotTellWhoExists() throws Exception {
        file.put("joe", hash(PasswordHash.Kind.SCRAM, "secret"));
        String first = base64("n,,n=nobody,r=abc");
        String one = salt(logIn("SCRAM-SHA-256", first));
        assertEquals(one, salt(logIn("SCRAM-SHA-256", first)));
        assertFalse(one.equals(salt(logIn("SCRAM-SHA-256", base64("n,,n=nobody2,r=abc")))));
    }

    private static String salt(AuthReply reply) {
        String text = ((AuthReply.Challenge) reply).text();
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8).replaceFirst(".*,s=", "");
    }

    @Test
    void holdsFromTheNextLoginOnWithoutAReload() throws Exception {
        file.put("joe", hash(PasswordHash.Kind.BCRYPT, "one"));
        file.put("ann", hash(PasswordHash.Kind.BCRYPT, "word"));
        assertEquals(new AuthReply.Accepted("joe@b.test"), plain("joe", "one"));
        file.put("joe", hash(PasswordHash.Kind.ARGON2ID, "two"));
        assertEquals(WRONG, plain("joe", "one"));
        assertEquals(new AuthReply.Accepted("joe@b.test"), plain("joe", "two"));
        assertTrue(file.remove("joe"));
        assertFalse(file.remove("joe"));
        assertEquals(WRONG, plain("joe", "two"));
        assertEquals(List.of("ann"), List.copyOf(file.read().keySet()));
    }

    @Test
    void keepsWhatIsInTheFileAndWhoMayReadIt() throws Exception {
        Files.writeString(path, "# ours\nann:$2b$11$damaged\n\nodd line\njoe:x\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        file.put("joe", hash(PasswordHash.Kind.SCRAM, "secret"));
        List<String> lines = Files.readAllLines(path);
        assertEquals(List.of("# ours", "ann:$2b$11$damaged", "", "odd line"), lines.subList(0, 4));
        assertTrue(lines.get(4).startsWith("joe:{SCRAM-SHA-256}15000,"));
        assertEquals(5, lines.size());
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(new AuthReply.Rejected("", "ann", false), plain("ann", "damaged"));
    }

    @Test
    void saysThatNobodyCanTellWithoutAFile() throws Exception {
        assertEquals(new AuthReply.Rejected("Password file unavailable", "", true), plain("joe", "secret"));
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).startsWith("SASL: password file " + path + ": "), warnings::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "AAA=", "AGpvZQA=", "YW5uAGpvZQBzZWNyZXQ="})
    void rejectsWhatIsNoPlain(String initial) throws Exception {
        file.put("joe", hash(PasswordHash.Kind.SCRAM, "secret"));
        assertInstanceOf(AuthReply.Rejected.class, logIn("PLAIN", initial));
    }

    @Test
    void slowsThoseDownWhoFailByClientAndByUser() {
        LoginFailures counted = new LoginFailures(LoginFailures.DELAY_MS_MIN);
        assertEquals(2_000, counted.countAndDelayMs("c1", "joe", 0));
        assertEquals(4_000, counted.countAndDelayMs("c1", "ann", 1));
        assertEquals(4_000, counted.countAndDelayMs("c2", "joe", 2));
        for (int i = 0; i < 100; i++) {
            counted.countAndDelayMs("c3", "", 3);
        }
        assertEquals(16_000, counted.countAndDelayMs("c3", "", 4));
        counted.forgive("c1", "joe");
        assertEquals(2_000, counted.countAndDelayMs("c1", "joe", 5));
        assertEquals(2_000, counted.countAndDelayMs("c3", "", 6 + LoginFailures.MEMORY_NS));
    }

    @Test
    void takesNoOtherHash() throws IOException {
        for (String text : List.of("", "secret", "{PLAIN}secret", "$1$x$y", "{SCRAM-SHA-256}1,2")) {
            assertNull(PasswordHash.parse(text), text);
        }
        assertFalse(PasswordFile.canHave("a:b") || PasswordFile.canHave("#a") || PasswordFile.canHave("a b"));
        assertTrue(PasswordFile.canHave("joe@b.test"));
    }
}
