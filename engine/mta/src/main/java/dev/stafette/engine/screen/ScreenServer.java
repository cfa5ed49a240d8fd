// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.smtp.PassGate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All postscreen rows of master.cf.
 * Thread: start-up, reload and shutdown; the screenings run on the loops.
 */
public final class ScreenServer implements AutoCloseable {
    private final ScreenParts parts;
    private final Map<String, ScreenService> services = new LinkedHashMap<>();

    public ScreenServer(ScreenParts parts) {
        this.parts = parts;
    }

    /**
     * Opens the ports of one service. An IOException says which one could not be opened.
     *
     * @param service its name in master.cf
     * @param passGate to the sessions of who passes; null: there is no such service
     */
    public void listen(
            String service,
            List<InetSocketAddress> addresses,
            ScreenSettings settings,
            MailLog log,
            @Nullable PassGate passGate)
            throws IOException {
        ScreenService opened = new ScreenService(parts, settings, log, passGate);
        services.put(service, opened);
        opened.listen(addresses);
    }

    /** For connections that begin from now on; nothing happens when there is no such service. */
    public void reload(String service, ScreenSettings settings, MailLog log) {
        ScreenService known = services.get(service);
        if (known != null) {
            known.reload(settings, log);
        }
    }

    /** Where it listens, with the ports that the system chose. */
    public List<InetSocketAddress> addresses() {
        return services.values().stream()
                .flatMap(service -> service.addresses().stream())
                .toList();
    }

    @Override
    public void close() {
        services.values().forEach(ScreenService::close);
    }
}
