// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import dev.stafette.engine.config.syntax.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses of hosts that the system has in a file (hosts(5)), which it asks before the DNS.
 * Thread: any (it does not change).
 *
 * <p>{@code localhost} is always the loopback, and no question for a name server (RFC 6761 §6.3), whatever the file says.
 */
public final class HostsFile {
    private static final Path SYSTEM = Path.of("/etc/hosts");

    private static final String LOCALHOST = "localhost";
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");

    /** By the first line that has the address: the first name of it is the host's. */
    private final Map<InetAddress, String> names = new LinkedHashMap<>();

    private final Map<String, Set<String>> addresses = new LinkedHashMap<>();

    private HostsFile(List<String> lines) {
        for (String line : lines) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("[ \t]+");
            InetAddress address = words.length < 2 ? null : IpText.parse(words[0]);
            if (address != null) {
                add(address, words);
            }
        }
        for (String text : LOOPBACK) {
            InetAddress address = IpText.parse(text);
            if (address != null && !names.containsKey(address)) {
                names.put(address, LOCALHOST);
            }
        }
        addresses.computeIfAbsent(LOCALHOST, name -> new LinkedHashSet<>(LOOPBACK));
    }

    private void add(InetAddress address, String[] words) {
        names.putIfAbsent(address, words[1].toLowerCase(Locale.ROOT));
        for (int i = 1; i < words.length; i++) {
            addresses
                    .computeIfAbsent(words[i].toLowerCase(Locale.ROOT), name -> new LinkedHashSet<>())
                    .add(IpText.format(address));
        }
    }

    public static HostsFile of(List<String> lines) {
        return new HostsFile(lines);
    }

    /** As it is now. One that cannot be read has nothing in it. */
    public static HostsFile ofSystem() {
        try {
            return new HostsFile(Files.readAllLines(SYSTEM, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            return new HostsFile(List.of());
        }
    }

    /** Null: the file has none. */
    public @Nullable String nameOf(InetAddress address) {
        return names.get(address);
    }

    /** Empty: the file has none. */
    public List<String> addressesOf(String name) {
        Set<String> found = addresses.get(name.toLowerCase(Locale.ROOT));
        return found == null ? List.of() : List.copyOf(found);
    }
}
