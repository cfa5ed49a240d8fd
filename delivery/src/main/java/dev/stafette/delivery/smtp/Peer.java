// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * The server at the other end of a connection.
 * Thread: any (a value).
 *
 * @param place its address without the port; of a socket in the file system the name
 * @param port 0 for such a socket
 * @param label {@code host[address]}, as Postfix names a server in texts
 * @param relay {@code host[address]:port}, as it stands in the delivery line
 */
record Peer(String host, SocketAddress address, String place, int port, String label, String relay) {
    static Peer of(String host, InetSocketAddress address) {
        String place = NetUtil.toAddressString(address.getAddress());
        String label = host + '[' + place + ']';
        return new Peer(host, address, place, address.getPort(), label, label + ':' + address.getPort());
    }

    /** One on this host, behind a socket of that name in the directory. */
    static Peer ofSocket(String myHostname, String name, Path directory) {
        String label = myHostname + '[' + name + ']';
        SocketAddress address = new DomainSocketAddress(directory.resolve(name).toString());
        return new Peer(myHostname, address, name, 0, label, label);
    }
}
