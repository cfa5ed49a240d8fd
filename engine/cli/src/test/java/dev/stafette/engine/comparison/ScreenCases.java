// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The services and clients of a file.
 *
 * <pre>
 * name RECORD                     a record of the name server
 * table FILE                      a table; its lines are indented
 * service NAME                    a screen; its settings are indented
 * client WHAT IT IS               of the service above; each of its connections is an indented line of ScreenClient
 * </pre>
 *
 * {@code @ADDRESS} at the end of a client's name is its address; others get one in turn.
 */
record ScreenCases(
        List<String> names, Map<String, String> tables, Map<String, List<String>> services, List<Client> clients) {
    static final int CLIENTS_MIN = 40;

    /** One that connects, once or more. */
    record Client(String name, String service, String address, List<String> connections) {
        private static final Pattern OTHERS = Pattern.compile("\\bothers (\\d+)");

        /** Each of its own, with those that it opens beside it. */
        int connectionCount() {
            return connections.size()
                    + connections.stream()
                            .flatMap(script -> OTHERS.matcher(script).results())
                            .mapToInt(others -> Integer.parseInt(others.group(1)))
                            .sum();
        }
    }

    static ScreenCases read(String resource) throws IOException {
        ScreenCases cases =
                new ScreenCases(new ArrayList<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        try (InputStream in = Objects.requireNonNull(ScreenCases.class.getResourceAsStream(resource))) {
            String service = "";
            String table = "";
            List<String> indented = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] words = line.split(" ", 2);
                if (line.startsWith(" ") && !table.isEmpty()) {
                    cases.tables.merge(table, line.strip() + "\n", String::concat);
                } else if (line.startsWith(" ")) {
                    indented.add(line.strip());
                } else if (words[0].equals("name")) {
                    cases.names.add(words[1]);
                } else if (words[0].equals("table")) {
                    table = words[1];
                } else {
                    table = "";
                    indented = new ArrayList<>();
                    if (words[0].equals("service")) {
                        service = words[1];
                        cases.services.put(service, indented);
                    } else {
                        cases.clients.add(cases.client(words[1], service, indented));
                    }
                }
            }
        }
        return cases;
    }

    private Client client(String text, String service, List<String> connections) {
        int at = text.indexOf('@');
        String address = at < 0 ? "127.0.1." + (clients.size() + 1) : text.substring(at + 1);
        return new Client(service + ": " + text, service, address, connections);
    }
}
