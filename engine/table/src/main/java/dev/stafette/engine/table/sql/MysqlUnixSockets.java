// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.table.server.UnixSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.util.ConfigurableSocketFactory;

/**
 * Tells MariaDB's driver how to reach a UNIX-domain socket: its own way needs a library of native code.
 * Thread: any.
 *
 * <p>Public because the driver loads it by name.
 */
public final class MysqlUnixSockets extends ConfigurableSocketFactory {
    /** The connection's property with the socket's path; the driver keeps it for us. */
    static final String PATH = "stafetteSocketPath";

    private @Nullable SocketFactory sockets;

    @Override
    public void setConfiguration(Configuration configuration, String host) {
        sockets = new UnixSocketFactory(configuration.nonMappedOptions().getProperty(PATH));
    }

    private SocketFactory sockets() {
        if (sockets == null) {
            throw new IllegalStateException("not configured");
        }
        return sockets;
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets().createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket();
    }
}
