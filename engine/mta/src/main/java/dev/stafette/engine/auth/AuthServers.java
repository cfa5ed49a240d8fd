// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.socket.ServerEndpoint;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The servers that one configuration names: the same is one, whichever services ask it.
 * Thread: start-up, reload and stop.
 */
public final class AuthServers implements AutoCloseable {
    private static final String UNIX = "unix:";

    private final EventLoopGroup loops;
    private final Executor resolving;
    private final Path queueDirectory;
    private final Consumer<String> warnings;
    private final Map<String, AuthServer> opened = new LinkedHashMap<>();
    private final Set<String> refused = new HashSet<>();

    /**
     * @param loops of those who ask
     * @param resolving runs what may block: the names of servers are looked up
     * @param queueDirectory where paths of sockets start
     * @param warnings hears of servers that do not answer
     */
    public AuthServers(EventLoopGroup loops, Executor resolving, Path queueDirectory, Consumer<String> warnings) {
        this.loops = loops;
        this.resolving = resolving;
        this.queueDirectory = queueDirectory;
        this.warnings = warnings;
    }

    /** {@code path}: of a socket, {@code unix:path} or {@code inet:host:port}. Null when it is none of them. */
    public @Nullable AuthServer openDovecot(String path, PortNames ports) {
        boolean isAddress = path.startsWith(UNIX) || path.startsWith("inet:");
        ServerEndpoint endpoint = isAddress
                ? ServerEndpoint.parse(path, queueDirectory, ports)
                : ServerEndpoint.ofPath(path, path, queueDirectory);
        return endpoint == null
                ? null
                : opened.computeIfAbsent(
                        "dovecot " + path, name -> new DovecotServer(endpoint, loops, resolving, warnings));
    }

    /** {@code path}: of a password file. {@code realm}: of users who are named without one; empty: none. */
    public AuthServer openFile(String path, String realm) {
        return opened.computeIfAbsent(
                "file " + path + ' ' + realm,
                name -> new PasswordFileServer(
                        queueDirectory.resolve(path), realm, new LoginFailures(LoginFailures.DELAY_MS_MIN), warnings));
    }

    /** Says, once, that nobody can log in by a server of that type. */
    public void refuse(String type) {
        if (refused.add(type)) {
            warnings.accept("SASL: smtpd_sasl_type = " + type + " is not built in, so that nobody can log in"
                    + " (expected: dovecot, with the socket of its auth in smtpd_sasl_path, or"
                    + " stafette, with a file there that stafette passwd has made)");
        }
    }

    @Override
    public void close() {
        opened.values().forEach(AuthServer::close);
    }
}
