// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * The server at the other end of a connection.
 * Thread: any (a value).
 *
 * @param label {@code host[address]}, as Postfix names a server in texts
 * @param relay {@code host[address]:port}, as it stands in the delivery line
 */
record Peer(String host, InetSocketAddress address, String label, String relay) {
    static Peer of(String host, InetSocketAddress address) {
        String label = host + '[' + NetUtil.toAddressString(address.getAddress()) + ']';
        return new Peer(host, address, label, label + ':' + address.getPort());
    }
}
