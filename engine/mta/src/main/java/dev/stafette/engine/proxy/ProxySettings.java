// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.proxy;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.socket.ServerEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which filter sees the mail of a service before the queue would.
 * Thread: any (a value).
 *
 * @param name as main.cf has it, for the log
 * @param timeout {@code smtpd_proxy_timeout}: for connecting, and for each answer
 * @param helo {@code smtpd_proxy_ehlo}
 * @param isLate {@code smtpd_proxy_options = speed_adjust}: it is asked when all of a message has come
 * @param workers for what may block
 */
public record ProxySettings(
        String name, ServerEndpoint endpoint, Duration timeout, String helo, boolean isLate, Executor workers) {
    private static final String FILTER = "smtpd_proxy_filter";
    private static final String OPTIONS = "smtpd_proxy_options";
    private static final String LATE = "speed_adjust";

    /** Null: there is none. {@code queueDirectory}: where paths of sockets start. */
    public static @Nullable ProxySettings of(Settings settings, Path queueDirectory, Executor workers) {
        String name = settings.text(FILTER);
        List<String> options = settings.words(OPTIONS);
        if (!List.of(LATE).containsAll(options)) {
            throw settings.bad(OPTIONS, LATE + ", or nothing");
        }
        if (name.isEmpty()) {
            return null;
        }
        boolean hasKind = name.startsWith("unix:") || name.startsWith("inet:");
        ServerEndpoint endpoint =
                ServerEndpoint.parse(hasKind ? name : "inet:" + name, queueDirectory, settings.ports());
        if (endpoint == null) {
            throw settings.bad(FILTER, "host:port, :port, or unix:path");
        }
        return new ProxySettings(
                name,
                endpoint,
                settings.time("smtpd_proxy_timeout"),
                settings.text("smtpd_proxy_ehlo"),
                options.contains(LATE),
                workers);
    }
}
