// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports of TCP by their names: those that the configuration knows ({@code known_tcp_ports}), and then the system's.
 * Thread: any. The system's file is read once, when a name is asked for that the configuration does not know.
 */
public final class PortNames {
    /** Ports in figures only. */
    public static final PortNames NONE = new PortNames(Map.of(), null);

    private static final Path SERVICES = Path.of("/etc/services");
    private static final String TCP = "/tcp";
    private static final int PORT_MAX = 65_535;

    private final Map<String, Integer> known;
    private final @Nullable Host host;

    /** Null: not read yet. Written by whoever asks first, and the same whoever does. */
    private volatile @Nullable Map<String, Integer> registered;

    private PortNames(Map<String, Integer> known, @Nullable Host host) {
        this.known = known;
        this.host = host;
    }

    /**
     * {@code list}: {@code name=port}, or {@code name=other=port}, with commas between. Throws a ConfigException that says
     * what is wrong.
     */
    public static PortNames of(String list, Host host) {
        Map<String, Integer> known = new HashMap<>();
        for (String association : list.split(",")) {
            if (!association.isBlank()) {
                add(association.strip(), known);
            }
        }
        return new PortNames(Map.copyOf(known), host);
    }

    private static void add(String association, Map<String, Integer> known) {
        String[] sides = association.split("=", -1);
        String port = sides[sides.length - 1].strip();
        if (sides.length < 2 || !isNumber(port) || number(port) < 0) {
            throw wrong(association, "name=port");
        }
        for (int i = 0; i < sides.length - 1; i++) {
            String name = sides[i].strip();
            if (name.isEmpty() || isNumber(name) || ConfigWords.split(name).size() > 1) {
                throw wrong(association, "a name before each =");
            }
            if (known.put(name, number(port)) != null) {
                throw wrong(association, "each name once");
            }
        }
    }

    private static ConfigException wrong(String association, String expected) {
        return new ConfigException(association + " (expected: " + expected + ")");
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static int number(String digits) {
        return digits.length() <= 5 && Integer.parseInt(digits) <= PORT_MAX ? Integer.parseInt(digits) : -1;
    }

    /** {@code text}: a number or a name; -1: it is no port. 0 lets the system choose, for tests. */
    public int portOf(String text) {
        if (isNumber(text)) {
            return number(text);
        }
        Integer port = known.get(text);
        return port != null ? port : registered().getOrDefault(text, -1);
    }

    private Map<String, Integer> registered() {
        Map<String, Integer> read = registered;
        if (read == null) {
            read = host == null ? Map.of() : read(host);
            registered = read;
        }
        return read;
    }

    private static Map<String, Integer> read(Host host) {
        Map<String, Integer> ports = new HashMap<>();
        String services;
        try {
            services = host.read(SERVICES);
        } catch (IOException e) {
            return ports;
        }
        for (String line : services.split("\n")) {
            int comment = line.indexOf('#');
            List<String> words = ConfigWords.split(comment < 0 ? line : line.substring(0, comment));
            if (words.size() < 2 || !words.get(1).endsWith(TCP)) {
                continue;
            }
            int port = number(words.get(1).substring(0, words.get(1).length() - TCP.length()));
            ports.putIfAbsent(words.get(0), port);
            words.subList(2, words.size()).forEach(alias -> ports.putIfAbsent(alias, port));
        }
        return ports;
    }
}
