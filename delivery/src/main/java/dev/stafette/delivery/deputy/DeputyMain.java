// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.command.Conversations;
import dev.stafette.delivery.command.MailCommands;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendRecords;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;

/**
 * The delivery service as a program: {@code SOCKET SCRATCH OWNER UID GID [with-stdin]}. With the last it ends when nobody has the
 * other end of its standard input any more.
 * Thread: start-up and shutdown.
 */
public final class DeputyMain {
    private static final String WITH_STDIN = "with-stdin";

    /** Behind the name of the socket: it is there for the next one. */
    private static final String RECORDS = ".appends";

    /** A message on its way through here is in a file; this only keeps one from filling the disk. */
    private static final long MESSAGE_BYTES_MAX = 8L << 30;

    private DeputyMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length < 5) {
            System.err.println("stafette-deputy: fatal: usage: SOCKET SCRATCH OWNER UID GID [" + WITH_STDIN + "]");
            System.exit(1);
        }
        Path socket = Path.of(args[0]);
        Path scratch = Path.of(args[1]);
        UserIds owner = new UserIds(args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        boolean withStdin = List.of(args).contains(WITH_STDIN);
        ThreadIdentity identity = new ThreadIdentity(owner, PrivilegedGroups.read(PrivilegedGroups.FILE));
        int status = 0;
        try (MailCommands commands = new MailCommands(identity, scratch);
                Conversations conversations = new Conversations(identity);
                AppendRecords records = new AppendRecords(Path.of(socket + RECORDS));
                DeputyServer server = open(
                        socket,
                        owner.name(),
                        new DeputyParts(
                                identity,
                                commands,
                                conversations,
                                new Mailboxes(hostName(), records),
                                scratch,
                                new LetterMemory(LetterMemory.BYTES_MAX),
                                MESSAGE_BYTES_MAX))) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                close(server);
                join(main);
            }));
            if (withStdin) {
                Thread leash = new Thread(() -> awaitEndOfInput(server), "leash");
                leash.setDaemon(true);
                leash.start();
            }
            server.run();
        } catch (IOException e) {
            System.err.println("stafette-deputy: fatal: " + e.getMessage());
            status = 1;
        } finally {
            empty(scratch);
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    private static String hostName() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }

    /** With what libraries have put there, it was made for this process. */
    private static void empty(Path scratch) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(scratch)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(scratch);
    }

    private static DeputyServer open(Path socket, String owner, DeputyParts parts) throws IOException {
        UserPrincipal principal =
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner);
        Path parent = socket.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(socket + " (expected: a socket in a directory)");
        }
        Files.createDirectories(parent);
        Path directory = parent.toRealPath();
        RootsWay.check(directory);
        return DeputyServer.open(directory.resolve(socket.getFileName()), principal, parts);
    }

    private static void awaitEndOfInput(DeputyServer server) {
        try {
            while (System.in.read() >= 0) {
                // Nobody says anything there.
                continue;
            }
        } catch (IOException e) {
            DeputyServer.warn("standard input: " + e.getMessage());
        }
        close(server);
    }

    private static void join(Thread main) {
        try {
            main.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(DeputyServer server) {
        try {
            server.close();
        } catch (IOException e) {
            DeputyServer.warn(String.valueOf(e.getMessage()));
        }
    }
}
