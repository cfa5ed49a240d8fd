// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.Host.OwnAddress;
import dev.stafette.engine.config.syntax.IpNetwork;
import dev.stafette.engine.config.syntax.IpText;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The defaults that come from the machine, as Postfix finds them: its name, its addresses, the networks around it.
 * Thread: start-up and reload.
 */
final class HostDefaults {
    private static final String UNKNOWN_DOMAIN = "localdomain";

    private final Settings settings;
    private final Host host;

    /** Those that a thread is finding: reports are composed on several. */
    private final ThreadLocal<Set<String>> wanted = ThreadLocal.withInitial(HashSet::new);

    HostDefaults(Settings settings, Host host) {
        this.settings = settings;
        this.host = host;
    }

    /** The value of a parameter whose default the table leaves to the machine. */
    String valueOf(String name) {
        if (!wanted.get().add(name)) {
            throw new ConfigException("$" + name + " depends on itself");
        }
        try {
            return switch (name) {
                case "myhostname" -> myHostname();
                case "mydomain" -> myDomain();
                case "mynetworks" -> String.join(" ", myNetworks());
                case "body_segment_size" -> megabytes(QueueSizes.segmentBytes(fileSystemBytes()));
                case "journal_generation_size" -> megabytes(QueueSizes.generationBytes(fileSystemBytes()));
                case "queue_ballast_size" -> megabytes(QueueSizes.ballastBytes(fileSystemBytes()));
                default -> throw new IllegalStateException("no default: " + name);
            };
        } finally {
            wanted.get().remove(name);
        }
    }

    private long fileSystemBytes() {
        return host.fileSystemBytes(settings.queueDirectory());
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + "m";
    }

    private String myHostname() {
        String name = host.name();
        if (name.indexOf('.') >= 0) {
            return name;
        }
        // Not $mydomain unless it is set: its default comes from this very name.
        return name + "." + (settings.isSet("mydomain") ? settings.text("mydomain") : UNKNOWN_DOMAIN);
    }

    private String myDomain() {
        String name = settings.text("myhostname");
        int dot = name.indexOf('.');
        return dot < 0 ? UNKNOWN_DOMAIN : name.substring(dot + 1);
    }

    private Set<String> myNetworks() {
        Set<String> networks = new LinkedHashSet<>();
        String style = settings.choice("mynetworks_style");
        for (OwnAddress own : interfaces()) {
            byte[] bytes = own.address().getAddress();
            int length = prefixLength(style, own, bytes);
            String network = IpText.format(IpText.of(IpNetwork.masked(bytes, length)));
            networks.add((bytes.length == 4 ? network : "[" + network + "]") + "/" + length);
        }
        return networks;
    }

    private static int prefixLength(String style, OwnAddress own, byte[] bytes) {
        if (style.equals("host")) {
            return bytes.length * 8;
        }
        if (style.equals("class") && bytes.length == 4) {
            int first = bytes[0] & 0xff;
            return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : own.prefixLength();
        }
        return own.prefixLength();
    }

    /** The addresses of {@code inet_interfaces} within {@code inet_protocols}. */
    List<OwnAddress> interfaces() {
        List<OwnAddress> chosen = new ArrayList<>();
        List<OwnAddress> all = withinProtocols(host.addresses());
        for (String word : settings.words("inet_interfaces")) {
            switch (word) {
                case "all" -> chosen.addAll(all);
                case "loopback-only" ->
                    all.stream()
                            .filter(own -> own.address().isLoopbackAddress())
                            .forEach(chosen::add);
                default -> chosen.addAll(withinProtocols(named("inet_interfaces", word, all)));
            }
        }
        return chosen;
    }

    private List<OwnAddress> withinProtocols(List<OwnAddress> addresses) {
        IpProtocols protocols = IpProtocols.of(settings);
        return addresses.stream().filter(own -> protocols.has(own.address())).toList();
    }

    private List<OwnAddress> named(String parameter, String word, List<OwnAddress> all) {
        List<OwnAddress> found = new ArrayList<>();
        for (InetAddress address : settings.resolve(parameter, word)) {
            @Nullable OwnAddress own = null;
            for (OwnAddress candidate : all) {
                own = candidate.address().equals(address) ? candidate : own;
            }
            int whole = address instanceof Inet4Address ? 32 : 128;
            found.add(own == null ? new OwnAddress(address, whole) : own);
        }
        return found;
    }

    /** Literal or by the resolver. */
    static List<InetAddress> resolve(String word, Host host) throws IOException {
        InetAddress literal = IpText.parse(word);
        return literal == null ? host.resolve(word) : List.of(literal);
    }
}
