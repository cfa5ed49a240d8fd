// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of two mail systems with the servers and clients of {@link TlsCases}: where it is, and its ports. */
final class TlsParty {
    static final int PORT_COUNT = 1 + TlsCases.SERVERS.size();

    private final Surroundings around;
    private final Path files;
    final Path directory;
    final int front;
    final Map<String, Integer> ports = new TreeMap<>();

    /** {@code parent}: has {@code tls/}, with keys and certificates; {@code free}: as many ports. */
    TlsParty(Path parent, String name, List<Integer> free, Surroundings around) throws IOException {
        this.around = around;
        this.files = parent.resolve("tls");
        directory = Files.createDirectory(parent.resolve(name));
        front = free.get(0);
        int i = 1;
        for (String server : TlsCases.SERVERS.keySet()) {
            ports.put(server, free.get(i++));
        }
    }

    /** Where its mail goes is {@code others}' business. */
    List<String> mainCf(TlsParty... others) {
        StringBuilder routes = new StringBuilder();
        for (TlsParty other : others) {
            for (String delivery : TlsCases.DELIVERIES) {
                String[] words = delivery.split(" ");
                routes.append(" { ")
                        .append(other.domain(delivery))
                        .append(" = ")
                        .append(words[0])
                        .append(':')
                        .append(TlsCases.nextHop(delivery, other.ports.get(words[1])))
                        .append(" }");
            }
        }
        return put(List.of(
                "compatibility_level = 3.6",
                "mail_name = Postfix",
                "myhostname = mx.b.test",
                "mydestination =",
                "relay_domains = b.test",
                "local_recipient_maps =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_peername_lookup = no",
                "smtp_connection_cache_on_demand = no",
                "smtpd_tls_cert_file = %tls/server.pem",
                "smtpd_tls_key_file = %tls/server.key",
                "smtpd_tls_CAfile = %tls/ca.pem",
                "smtpd_tls_loglevel = 1",
                "smtpd_tls_received_header = yes",
                "smtp_tls_loglevel = 1",
                "dnssec_probe =",
                "transport_maps = inline:{" + routes + " }"));
    }

    List<String> rows() {
        List<String> rows = new ArrayList<>();
        TlsCases.SERVERS.forEach((name, settings) -> {
            List<String> own = new ArrayList<>(settings);
            own.add("syslog_name = postfix/" + name);
            own.add("content_filter = smtp:[127.0.0.11]:%sink");
            rows.add(Side.row(ports.get(name), "smtpd", put(own)));
        });
        TlsCases.CLIENTS.forEach((name, settings) -> {
            List<String> own = new ArrayList<>(settings);
            own.add("syslog_name = postfix/" + name);
            rows.add(name + " unix - - n - - smtp" + Side.options(put(own)));
        });
        rows.add(Side.row(front, "smtpd", List.of()));
        return rows;
    }

    private List<String> put(List<String> lines) {
        return lines.stream()
                .map(line -> around.expand(line, directory).replace("%tls", files.toString()))
                .toList();
    }

    List<String> log() throws IOException {
        return LogLines.of(directory.resolve("mail.log"));
    }

    String serverOf(int port) {
        return ports.entrySet().stream()
                .filter(entry -> entry.getValue() == port)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** Of the recipient of such a delivery to it. */
    String domain(String delivery) {
        return delivery.replaceAll("[ .]", "-") + "-" + directory.getFileName() + ".test";
    }
}
