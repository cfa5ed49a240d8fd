// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Dialogue;
import dev.stafette.engine.auth.AuthServer;
import dev.stafette.engine.auth.AuthServers;
import dev.stafette.engine.auth.Dovecot;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conversations of {@code smtp-lines/auth.txt}: what Postfix's smtpd says, which asks Dovecot, ours says, too. Those with
 * settings take a smtpd each: 15 s, and only with {@code -Dauth.settings=true}.
 */
@Timeout(300)
class AuthComparisonIT {
    private static final List<String> MAIN_CF = List.of(
            "mydomain = b.test",
            "mynetworks = 192.0.2.0/24",
            "smtpd_client_event_limit_exceptions = 127.0.0.1",
            "local_recipient_maps =",
            "smtpd_sasl_auth_enable = yes",
            "smtpd_error_sleep_time = 0",
            "smtpd_soft_error_limit = 1000000",
            "smtpd_hard_error_limit = 1000000",
            "smtpd_junk_command_limit = 1000000",
            "smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination");

    @TempDir
    Path directory;

    private record Conversation(String settings, List<String> commands) {}

    private static List<Conversation> read() throws IOException {
        List<Conversation> all = new ArrayList<>();
        for (Dialogue.Section section : Dialogue.read(AuthComparisonIT.class, "/smtp-lines/auth.txt")) {
            List<String> commands = new ArrayList<>();
            section.texts("C:").forEach(text -> commands.add(Dialogue.unescape(text)));
            if (section.title().isEmpty() || Boolean.getBoolean("auth.settings")) {
                all.add(new Conversation(section.title(), commands));
            }
        }
        return all;
    }

    /** Settings of a section, one a line; a comma stands for itself and a space. */
    private static List<String> lines(String settings) {
        List<String> lines = new ArrayList<>();
        for (String setting : settings.split(" ")) {
            if (!setting.isEmpty()) {
                lines.add(setting.replaceFirst("=", " = ").replace(",", ", "));
            }
        }
        return lines;
    }

    private static List<String> replies(InetSocketAddress server, Conversation conversation) throws IOException {
        List<String> said = new ArrayList<>();
        try (SocketClient client = new SocketClient(server)) {
            client.reply();
            for (String command : conversation.commands) {
                said.add(reply(client, command));
            }
        }
        return said;
    }

    /** A server that has hung up had read the command, or had not: then its end is told in another way. */
    private static String reply(SocketClient client, String command) throws IOException {
        try {
            return String.join("\n", client.askForAll(command));
        } catch (SocketException closed) {
            return "null";
        }
    }

    /** At a time, as Dovecot answers what fails half a second later. */
    private static List<List<String>> replies(List<InetSocketAddress> servers, List<Conversation> all)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            List<Future<List<String>>> started = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                InetSocketAddress server = servers.get(i);
                Conversation one = all.get(i);
                started.add(threads.submit(() -> replies(server, one)));
            }
            List<List<String>> said = new ArrayList<>();
            for (Future<List<String>> one : started) {
                said.add(one.get());
            }
            return said;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<List<String>> ours(List<Conversation> all, Dovecot dovecot) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (KeptLog log = new KeptLog();
                AuthServers servers = new AuthServers(
                        group, Runnable::run, directory, text -> log.log().warning("smtpd", text));
                SmtpServer server = new SmtpServer(new SmtpServerParts(
                        group,
                        new KeptQueue(),
                        new Metrics(0),
                        SmtpServerIT.NO_DNS,
                        ZoneOffset.UTC,
                        SmtpServerParts.BODY_BYTES_MAX,
                        TestHost.ROOM.sessionsMax()))) {
            // The first by the file system, the others by TCP.
            String address = dovecot.socket().toString();
            for (Conversation one : all) {
                List<String> mainCf = new ArrayList<>(MAIN_CF);
                mainCf.addAll(lines(one.settings));
                AuthServer logins = Objects.requireNonNull(servers.openDovecot(address, PortNames.NONE));
                SmtpServiceSettings service = TestHost.service(mainCf);
                SmtpServerSettings calm = TestLogins.by(logins, service.calm());
                String name = "smtp" + server.addresses().size();
                server.listen(
                        name,
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        new SmtpServiceSettings(calm, calm, false, service.cap(), service.stressHold()),
                        log.log());
                address = "inet:127.0.0.1:" + dovecot.port();
            }
            return replies(server.addresses(), all);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static List<List<String>> theirs(List<Conversation> all, Dovecot dovecot) throws Exception {
        Map<String, Integer> services = new LinkedHashMap<>();
        all.forEach(one -> services.putIfAbsent(one.settings, services.size()));
        List<String> mainCf = new ArrayList<>(MAIN_CF);
        mainCf.add("smtpd_sasl_type = dovecot");
        mainCf.add("smtpd_sasl_path = " + dovecot.socket());
        try (PostfixServer postfix = PostfixServer.start(List.copyOf(services.keySet()), mainCf, List.of())) {
            List<InetSocketAddress> servers = new ArrayList<>();
            for (Conversation one : all) {
                servers.add(postfix.address(Objects.requireNonNull(services.get(one.settings))));
            }
            return replies(servers, all);
        }
    }

    @Test
    void saysWhatPostfixSays() throws Exception {
        List<Conversation> all = read();
        List<String> differences = new ArrayList<>();
        try (Dovecot dovecot = Dovecot.start(directory)) {
            List<List<String>> theirs = theirs(all, dovecot);
            List<List<String>> ours = ours(all, dovecot);
            for (int i = 0; i < all.size(); i++) {
                for (int j = 0; j < ours.get(i).size(); j++) {
                    if (!theirs.get(i).get(j).equals(ours.get(i).get(j))) {
                        differences.add(
                                all.get(i).settings + ' ' + all.get(i).commands.get(j) + "\n    Postfix: "
                                        + theirs.get(i).get(j) + "\n    ours:    "
                                        + ours.get(i).get(j));
                    }
                }
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }
}
