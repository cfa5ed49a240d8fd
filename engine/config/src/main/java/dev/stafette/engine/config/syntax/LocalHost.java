// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The machine we run on.
 * Thread: start-up and reload.
 */
public final class LocalHost implements Host {
    private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

    /** Of this process. */
    public static Map<String, String> environment() {
        return System.getenv();
    }

    /** Of whoever runs this process. */
    public static String userName() {
        return System.getProperty("user.name", "unknown");
    }

    /** -1 where the system does not tell. */
    public static int userId() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return -1;
        }
    }

    @Override
    public String name() {
        try {
            // InetAddress.getLocalHost() would ask the resolver, and may wait for it.
            return Files.readString(KERNEL_NAME).strip();
        } catch (IOException e) {
            return nameByResolver();
        }
    }

    private static String nameByResolver() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "localhost";
        }
    }

    @Override
    public List<OwnAddress> addresses() {
        List<OwnAddress> ipv4 = new ArrayList<>();
        List<OwnAddress> ipv6 = new ArrayList<>();
        try {
            List<NetworkInterface> interfaces = Collections.list(NetworkInterface.getNetworkInterfaces());
            interfaces.sort(Comparator.comparingInt(NetworkInterface::getIndex));
            for (NetworkInterface networkInterface : interfaces) {
                if (!networkInterface.isUp()) {
                    continue;
                }
                List<InterfaceAddress> addresses = new ArrayList<>(networkInterface.getInterfaceAddresses());
                // The JDK has them from last to first.
                Collections.reverse(addresses);
                for (InterfaceAddress address : addresses) {
                    InetAddress own = IpText.withoutScope(address.getAddress());
                    List<OwnAddress> family = own instanceof Inet4Address ? ipv4 : ipv6;
                    family.add(new OwnAddress(own, address.getNetworkPrefixLength()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list network interfaces", e);
        }
        ipv4.addAll(ipv6);
        return ipv4;
    }

    @Override
    public List<InetAddress> resolve(String hostName) throws IOException {
        return List.of(InetAddress.getAllByName(hostName));
    }

    @Override
    public String read(Path file) throws IOException {
        // Malformed UTF-8 becomes U+FFFD: a comment in Latin-1 must not keep the system from starting.
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    @Override
    public long fileSystemBytes(Path directory) {
        Path there = directory.toAbsolutePath();
        for (Path parent = there.getParent(); parent != null && !Files.exists(there); parent = parent.getParent()) {
            there = parent;
        }
        try {
            long bytes = Files.getFileStore(there).getTotalSpace();
            // Some file systems have no size of their own.
            return bytes > 0 ? bytes : Long.MAX_VALUE;
        } catch (IOException e) {
            // Whoever uses the directory hears of it.
            return Long.MAX_VALUE;
        }
    }
}
