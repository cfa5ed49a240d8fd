// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * What the configuration asks of the machine.
 * Thread: start-up and reload; it may block.
 */
public interface Host {
    /** The name that the system has for itself, with or without a domain. */
    String name();

    /** Of the network interfaces that are up: loopback first, IPv4 before IPv6. */
    List<OwnAddress> addresses();

    /** Throws an {@link IOException} when there is no such host. */
    List<InetAddress> resolve(String hostName) throws IOException;

    String read(Path file) throws IOException;

    /** The size of the file system that the directory is on, or will be when somebody makes it. */
    long fileSystemBytes(Path directory);

    /** An address of an interface and the length of its network's prefix. */
    record OwnAddress(InetAddress address, int prefixLength) {}
}
