// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.command.ConversationRunner;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.ListenAddresses;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.ServiceRow.Type;
import dev.stafette.engine.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The spawn rows of master.cf: {@code unix} ones listen in {@code private} or {@code public} of the queue directory, where
 * {@code check_policy_service unix:private/NAME} finds them, {@code inet} ones on their ports.
 * Thread: start-up, reload and stop; each service has threads of its own.
 */
public final class SpawnServices implements AutoCloseable {
    private final Map<String, List<SpawnService>> byRow = new LinkedHashMap<>();

    private SpawnServices() {}

    /** @param warnings of the log, by the name of the program */
    public static SpawnServices open(
            Configuration configuration, ConversationRunner programs, Consumer<String> warnings) throws IOException {
        SpawnServices services = new SpawnServices();
        for (ServiceRow row : configuration.services()) {
            if (row.isSpawn()) {
                Settings settings = configuration.settings().forService(row);
                SpawnSettings spawn = SpawnSettings.of(row, settings, configuration.queueDirectory());
                List<SpawnService> opened = new ArrayList<>();
                services.byRow.put(key(row), opened);
                for (ServerSocketChannel listener : listeners(row, settings, configuration.queueDirectory())) {
                    int clientsMax = row.processesMax() == ServiceRow.PROCESSES_DEFAULT
                            ? settings.count("default_process_limit")
                            : row.processesMax() == 0 ? Integer.MAX_VALUE : row.processesMax();
                    SpawnService service =
                            new SpawnService(row.name(), listener, spawn, clientsMax, programs, warnings);
                    opened.add(service);
                    service.start();
                }
            }
        }
        return services;
    }

    private static String key(ServiceRow row) {
        return row.name() + '/' + row.type().text();
    }

    private static List<ServerSocketChannel> listeners(ServiceRow row, Settings settings, Path queueDirectory)
            throws IOException {
        List<ServerSocketChannel> listeners = new ArrayList<>();
        if (row.type() == Type.INET) {
            for (InetSocketAddress address : ListenAddresses.of(row, settings)) {
                listeners.add(ServerSocketChannel.open().bind(address));
            }
            return listeners;
        }
        Path directory = queueDirectory.resolve(row.isPrivate() ? "private" : "public");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path socket = directory.resolve(row.name());
        // Left by a process that has been killed: the queue directory is this one's alone.
        Files.deleteIfExists(socket);
        listeners.add(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)));
        if (!row.isPrivate()) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        }
        return listeners;
    }

    /** For clients from now on; rows that are new, or not there any more, need a restart. */
    public void reload(Configuration changed) {
        for (ServiceRow row : changed.services()) {
            if (row.isSpawn()) {
                SpawnSettings settings =
                        SpawnSettings.of(row, changed.settings().forService(row), changed.queueDirectory());
                byRow.getOrDefault(key(row), List.of()).forEach(service -> service.reload(settings));
            }
        }
    }

    /** Throws a ConfigException for rows that cannot be meant. */
    public static void check(Configuration configuration) {
        for (ServiceRow row : configuration.services()) {
            if (row.isSpawn()) {
                SpawnSettings.of(row, configuration.settings().forService(row), configuration.queueDirectory());
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (List<SpawnService> services : byRow.values()) {
            for (SpawnService service : services) {
                service.close();
            }
        }
    }
}
