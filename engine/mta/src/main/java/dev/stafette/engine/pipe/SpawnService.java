// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.ConversationRunner;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Starts a program for each client of a socket, as its row of master.cf says. Clients above the row's number wait.
 * Thread: one that takes clients, and one each of those, which waits for its program.
 */
final class SpawnService implements AutoCloseable {
    private static final CopyAddresses NOBODY = new CopyAddresses("", "", "");

    private final String name;
    private final ServerSocketChannel listener;
    private final ConversationRunner programs;
    private final Consumer<String> warnings;
    private final Semaphore room;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    /** Written by a reload, read by whoever takes a client. */
    private volatile SpawnSettings settings;

    /** @param clientsMax of the row's programs at a time */
    SpawnService(
            String name,
            ServerSocketChannel listener,
            SpawnSettings settings,
            int clientsMax,
            ConversationRunner programs,
            Consumer<String> warnings) {
        this.name = name;
        this.listener = listener;
        this.settings = settings;
        this.room = new Semaphore(clientsMax);
        this.programs = programs;
        this.warnings = warnings;
    }

    void start() {
        thread("spawn " + name, this::takeClients);
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    void reload(SpawnSettings changed) {
        settings = changed;
    }

    private void takeClients() {
        try {
            while (true) {
                room.acquireUninterruptibly();
                SocketChannel client = listener.accept();
                clients.add(client);
                thread("spawned " + name, () -> serve(client));
            }
        } catch (ClosedChannelException e) {
            // By close().
            return;
        } catch (IOException e) {
            warnings.accept("accept connection: " + e.getMessage());
        }
    }

    private void serve(SocketChannel client) {
        try {
            converse(client);
        } catch (IOException e) {
            warnings.accept(String.valueOf(e.getMessage()));
        } finally {
            clients.remove(client);
            room.release();
        }
    }

    private void converse(SocketChannel client) throws IOException {
        SpawnSettings current = settings;
        RowUser user = RowUser.find(current.user(), current.group());
        UserIds ids = user.ids();
        if (ids == null) {
            client.close();
            throw new IOException(user.refusal());
        }
        programs.converse(
                new CommandOrder(
                        "spawn",
                        CommandLine.ofWords(current.command()),
                        ids,
                        current.environment(),
                        current.queueDirectory(),
                        current.timeLimit(),
                        CopyRules.PLAIN,
                        NOBODY),
                client);
    }

    /** Programs see the end of their input. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
