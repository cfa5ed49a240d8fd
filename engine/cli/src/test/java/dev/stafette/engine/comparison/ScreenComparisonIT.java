// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients of {@code screen/cases.txt} before our screen and before Debian's postscreen, with the same configuration: both
 * say the same to each, and both log the same of it.
 */
@Timeout(300)
class ScreenComparisonIT {
    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.7",
            "myhostname = mx.b.test",
            "mydestination = b.test",
            "local_recipient_maps =",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "mynetworks = 127.0.0.250",
            "smtpd_banner = $myhostname ESMTP",
            "smtpd_forbid_unauth_pipelining = no",
            "smtpd_forbid_bare_newline = no",
            "smtpd_peername_lookup = no",
            "smtpd_forbidden_commands = CONNECT GET POST",
            "postscreen_greet_wait = 2s",
            "postscreen_cache_map =");

    private static final long LOG_NS_MAX = TimeUnit.SECONDS.toNanos(60);

    private Path parent;
    private ScreenCases cases;
    private Surroundings around;

    @BeforeEach
    void read() throws IOException {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "screen");
        cases = ScreenCases.read("/screen/cases.txt");
        around = Surroundings.open(cases.names());
    }

    @AfterEach
    void delete() throws IOException {
        around.close();
        if (!Boolean.getBoolean("screen.keep")) {
            MtaDirectory.delete(parent);
        }
    }

    private List<String> rows(List<Integer> ports, Path directory) throws IOException {
        List<String> rows = new ArrayList<>();
        Path tables = Files.createDirectories(directory.resolve("tables"));
        int number = 0;
        for (Map.Entry<String, List<String>> service : cases.services().entrySet()) {
            List<String> settings = new ArrayList<>();
            for (String line : service.getValue()) {
                settings.add(line.replace("%data", directory.resolve("data").toString())
                        .replace("%tables", tables.toString()));
            }
            rows.add(Side.row(ports.get(number++), "postscreen", settings).replace("inet n - n - -", "inet n - n - 1"));
        }
        for (Map.Entry<String, String> table : cases.tables().entrySet()) {
            Files.writeString(tables.resolve(table.getKey()), table.getValue());
        }
        rows.add("smtpd pass - - n - - smtpd");
        rows.add("other pass - - n - - smtpd -o smtpd_helo_required=yes -o smtpd_banner=other");
        rows.add("dnsblog unix - - n - 0 dnsblog");
        rows.add("tlsproxy unix - - n - 0 tlsproxy");
        return rows;
    }

    /** What each client hears, and what is logged of it, by name. */
    private Map<String, List<String>> ask(List<Integer> ports, Path log) throws Exception {
        Map<String, Future<List<String>>> asked = new LinkedHashMap<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<String> services = List.copyOf(cases.services().keySet());
            for (ScreenCases.Client client : cases.clients()) {
                int port = ports.get(services.indexOf(client.service()));
                InetSocketAddress server = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
                Callable<List<String>> task = () -> {
                    List<String> said = new ArrayList<>();
                    for (String connection : client.connections()) {
                        said.add("-- " + connection);
                        said.addAll(ScreenClient.run(client.address(), server, connection));
                    }
                    return said;
                };
                asked.put(client.name(), threads.submit(task));
            }
            Map<String, List<String>> heard = new LinkedHashMap<>();
            for (ScreenCases.Client client : cases.clients()) {
                heard.put(
                        client.name(), new ArrayList<>(asked.get(client.name()).get()));
            }
            for (ScreenCases.Client client : cases.clients()) {
                heard.get(client.name()).addAll(logged(client, log));
            }
            return heard;
        } finally {
            threads.shutdown();
        }
    }

    /** The log says goodbye to each connection of a client, a moment after the client does. */
    private static List<String> logged(ScreenCases.Client client, Path log) throws Exception {
        long deadline = System.nanoTime() + LOG_NS_MAX;
        List<String> lines = ScreenLogLines.of(LogLines.of(log), client.address());
        while (ScreenLogLines.goodbyes(lines) < client.connectionCount() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            lines = ScreenLogLines.of(LogLines.of(log), client.address());
        }
        return lines;
    }

    @SuppressWarnings("try")
    private Map<String, List<String>> askOurs(List<Integer> ports) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("ours"));
        List<String> mainCf = new ArrayList<>(MAIN_CF);
        mainCf.add("data_directory = " + directory.resolve("data"));
        try (OurInstance ours =
                OurInstance.start(directory, mainCf, rows(ports, directory), List.of(), around.nameServer() + ":53")) {
            return ask(ports, directory.resolve("mail.log"));
        }
    }

    @SuppressWarnings("try")
    private Map<String, List<String>> askPostfix(List<Integer> ports) throws Exception {
        Path directory = Files.createDirectory(parent.resolve("postfix"));
        try (PostfixInstance postfix = PostfixInstance.start(
                directory, MAIN_CF, rows(ports, directory), List.of(), around.nameServer(), ports.get(0))) {
            return ask(ports, directory.resolve("mail.log"));
        }
    }

    @Test
    void saysAndLogsWhatPostscreenDoes() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        int count = cases.services().size();
        List<Integer> ports = FreePorts.find(2 * count);
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try {
            Future<Map<String, List<String>>> theirs = threads.submit(() -> askPostfix(ports.subList(0, count)));
            Map<String, List<String>> ours = askOurs(ports.subList(count, 2 * count));
            Map<String, List<String>> expected = theirs.get();
            List<String> differing = new ArrayList<>();
            for (String client : expected.keySet()) {
                if (!expected.get(client).equals(ours.get(client))) {
                    differing.add(client + "\n  Postfix:\n    " + String.join("\n    ", expected.get(client))
                            + "\n  here:\n    " + String.join("\n    ", ours.get(client)));
                }
            }
            assertEquals(List.of(), differing, () -> String.join("\n", differing));
            assertTrue(expected.size() >= ScreenCases.CLIENTS_MIN);
        } finally {
            threads.shutdown();
        }
    }
}
