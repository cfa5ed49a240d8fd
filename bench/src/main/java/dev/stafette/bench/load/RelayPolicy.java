// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * What the relay looks up for every message of a run.
 * Thread: main.
 */
enum RelayPolicy {
    /** Only that who asks may relay. */
    NONE,
    /** As at an ISP: ten restrictions, of which three ask a table, virtual aliases, and a tenth as many transports. */
    ISP;

    /** The source is in mynetworks, which no list but that on relaying asks: all others come to their end. */
    private static final String ISP_MAIN_CF = """
            smtpd_client_restrictions = check_client_access hash:%1$s/clients, reject_unauth_pipelining
            smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
            smtpd_sender_restrictions = check_sender_access hash:%1$s/senders, reject_non_fqdn_sender
            smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
            smtpd_recipient_restrictions = reject_non_fqdn_recipient, check_recipient_access hash:%1$s/recipients,
              reject_unlisted_recipient
            virtual_alias_maps = hash:%1$s/virtual
            transport_maps = hash:%1$s/transport
            """;

    static RelayPolicy of(String text) {
        for (RelayPolicy policy : values()) {
            if (policy.name().equalsIgnoreCase(text)) {
                return policy;
            }
        }
        throw new IllegalArgumentException(text + " (expected: "
                + Arrays.stream(values())
                        .map(policy -> policy.name().toLowerCase(Locale.ROOT))
                        .toList() + ")");
    }

    /** Writes its tables into a directory of {@code parent} and has the installation's postmap index them. */
    List<String> prepare(Path home, Path parent, int aliases) throws IOException {
        if (this == NONE) {
            return List.of();
        }
        Path directory = Files.createDirectory(parent.resolve("tables"));
        Files.writeString(directory.resolve("main.cf"), "compatibility_level = 3.9\n");
        int few = aliases / 10;
        List<String> postmap =
                new ArrayList<>(List.of(home.resolve("bin").resolve("postmap").toString(), "-c", directory.toString()));
        postmap.add(write(directory, "clients", few, i -> "host" + i + ".bad.test REJECT"));
        postmap.add(write(directory, "senders", few, i -> "user" + i + "@bad.test REJECT"));
        postmap.add(write(directory, "recipients", few, i -> "gone" + i + "@customer.test REJECT"));
        postmap.add(write(
                directory,
                "virtual",
                aliases,
                i -> "user" + i + "@customer" + i % 1000 + ".test box" + i + "@store.test"));
        postmap.add(write(directory, "transport", few, i -> "site" + i + ".test relay:[host" + i % 10 + ".site.test]"));
        run(postmap);
        return ISP_MAIN_CF.formatted(directory).lines().toList();
    }

    private static String write(Path directory, String name, int rows, IntFunction<String> row) throws IOException {
        Path file = directory.resolve(name);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < rows; i++) {
                out.write(row.apply(i));
                out.write('\n');
            }
        }
        return "hash:" + file;
    }

    private static void run(List<String> line) throws IOException {
        Process process = new ProcessBuilder(line).inheritIO().start();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException(line.get(0) + " ended with " + code);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
