// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.socket.ServerEndpoint;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The policy servers that one configuration names: the same server with the same settings is one, whoever names it.
 * Thread: start-up, reload and stop.
 */
public final class PolicyServers implements AutoCloseable {
    private final EventLoopGroup loops;
    private final Executor resolving;
    private final Path queueDirectory;
    private final Map<Key, PolicyServer> opened = new LinkedHashMap<>();

    private record Key(ServerEndpoint endpoint, PolicySettings settings) {}

    /**
     * @param loops of those who ask
     * @param resolving runs what may block: the names of servers are looked up
     * @param queueDirectory where paths of sockets start
     */
    public PolicyServers(EventLoopGroup loops, Executor resolving, Path queueDirectory) {
        this.loops = loops;
        this.resolving = resolving;
        this.queueDirectory = queueDirectory;
    }

    /** {@code address}: as main.cf has it; its port may be one of {@code ports}. Throws a ConfigException when it is none. */
    public PolicyServer open(String address, PortNames ports, PolicySettings settings) {
        ServerEndpoint endpoint = ServerEndpoint.parse(address, queueDirectory, ports);
        if (endpoint == null) {
            throw new ConfigException(
                    "policy service \"" + address + "\" (expected: inet:host:port, inet:port, or unix:path)");
        }
        Key key = new Key(endpoint, settings);
        return opened.computeIfAbsent(key, same -> new PolicyServer(key.endpoint, settings, loops, resolving));
    }

    @Override
    public void close() {
        opened.values().forEach(PolicyServer::close);
    }
}
