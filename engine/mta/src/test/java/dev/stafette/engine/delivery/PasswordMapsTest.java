// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.auth.CredentialAnswer;
import dev.stafette.delivery.auth.CredentialQuery;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As whom the client logs in. */
@Timeout(180)
class PasswordMapsTest {
    private static final List<String> OFFERED = List.of("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "GSSAPI");
    private static final CredentialAnswer NOBODY = new CredentialAnswer.Nobody();

    private final EventLoop loop = new DefaultEventLoop();

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static @Nullable ClientLogins logins(String... mainCf) {
        List<String> lines = new ArrayList<>(Arrays.asList(mainCf));
        Settings settings = FakeHost.settings(lines.toArray(String[]::new));
        OpenTables tables = new OpenTables(TestTables.realTimeHost());
        return PasswordMaps.of(settings, tables, Runnable::run);
    }

    private CredentialAnswer find(String host, String nextHop, String sender, boolean isSecure, String... mainCf)
            throws InterruptedException {
        List<String> lines = new ArrayList<>(List.of("smtp_sasl_auth_enable = yes"));
        lines.addAll(Arrays.asList(mainCf));
        ClientLogins logins = Objects.requireNonNull(logins(lines.toArray(String[]::new)));
        BlockingQueue<CredentialAnswer> answers = new ArrayBlockingQueue<>(2);
        int at = sender.indexOf('@');
        MailAddress address =
                at < 0 ? MailAddress.NULL : MailAddress.of(sender.substring(0, at), sender.substring(at + 1));
        loop.execute(() -> logins.source()
                .find(new CredentialQuery(host, nextHop, address, OFFERED, isSecure, false), loop, answers::add));
        return Objects.requireNonNull(answers.poll(60, TimeUnit.SECONDS), "no answer");
    }

    private static CredentialAnswer login(String user, String password, String... mechanisms) {
        return new CredentialAnswer.Login(user, password, List.of(mechanisms));
    }

    @Test
    void logsInNowhereUnlessItIsTold() {
        assertNull(logins("smtp_sasl_password_maps = inline:{mx=joe:secret}"));
        assertNull(logins("smtp_sasl_auth_enable = yes"));
    }

    @Test
    void namesWhomToActAsWhereItIsTold() {
        String[] lines = {"smtp_sasl_auth_enable = yes", "smtp_sasl_password_maps = inline:{mx=joe:secret}", ""};
        assertFalse(Objects.requireNonNull(logins(lines)).namesActingUser());
        lines[2] = "send_cyrus_sasl_authzid = yes";
        assertTrue(Objects.requireNonNull(logins(lines)).namesActingUser());
    }

    @Test
    void asksForTheHostAndThenForTheNextHopAsItIsInRoutes() throws Exception {
        String map = "smtp_sasl_password_maps = inline:{mx.isp.test=a:1, [mail.isp.test]:587=b:2, isp.test=c}";
        assertEquals(
                login("a", "1", "CRAM-MD5", "SCRAM-SHA-256", "GSSAPI"),
                find("mx.isp.test", "isp.test", "", false, map));
        assertEquals(
                login("b", "2", "CRAM-MD5", "SCRAM-SHA-256", "GSSAPI"),
                find("mail.isp.test", "[mail.isp.test]:587", "", false, map));
        assertEquals(login("c", "", "CRAM-MD5", "SCRAM-SHA-256", "GSSAPI"), find("mx2", "isp.test", "", false, map));
        assertEquals(NOBODY, find("mail.isp.test", "[mail.isp.test]", "", false, map));
    }

    @Test
    void asksForTheSenderFirstWhereThatCounts() throws Exception {
        String map = "smtp_sasl_password_maps = inline:{mx=a:1, joe@b.test=j:2, @c.test=c:3}";
        String counts = "smtp_sender_dependent_authentication = yes";
        String all = "smtp_sasl_security_options = noanonymous";
        String filter = "smtp_sasl_mechanism_filter = plain";
        assertEquals(login("a", "1", "PLAIN"), find("mx", "x", "joe@b.test", false, map, all, filter));
        assertEquals(login("j", "2", "PLAIN"), find("mx", "x", "joe@b.test", false, map, all, filter, counts));
        assertEquals(login("c", "3", "PLAIN"), find("mx", "x", "who@c.test", false, map, all, filter, counts));
        assertEquals(login("a", "1", "PLAIN"), find("mx", "x", "ann@b.test", false, map, all, filter, counts));
        assertEquals(login("a", "1", "PLAIN"), find("mx", "x", "", false, map, all, filter, counts));
    }

    @Test
    void leavesOutMechanismsThatAreTooWeak() throws Exception {
        String map = "smtp_sasl_password_maps = inline:{mx=a:1}";
        String secure = "smtp_sasl_tls_security_options = noanonymous";
        assertEquals(
                login("a", "1", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "GSSAPI"),
                find("mx", "x", "", true, map, secure));
        assertEquals(
                login("a", "1", "SCRAM-SHA-256"),
                find("mx", "x", "", false, map, "smtp_sasl_security_options = mutual_auth"));
        assertEquals(
                login("a", "1", "LOGIN"),
                find("mx", "x", "", true, map, secure, "smtp_sasl_mechanism_filter = !plain, login"));
    }

    @Test
    void saysThatItCannotTellWhenATableDoesNot() throws Exception {
        assertEquals(
                new CredentialAnswer.Unavailable(), find("mx", "x", "", false, "smtp_sasl_password_maps = fail:now"));
        assertFalse(login("a", "geheim").toString().contains("geheim"));
    }
}
