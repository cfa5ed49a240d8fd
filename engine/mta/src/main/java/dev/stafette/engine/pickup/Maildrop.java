// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.config.syntax.OpenedFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories of local submission, and who may do what in them.
 * Thread: any (a value); what touches the disk waits for it.
 *
 * <pre>
 * maildrop/       1730, group setgid_group: its members hand in, nobody else
 *                 3733 where there is no such group: everybody does, and files are of the mail system's group
 * public/pickup   a socket; who connects wakes the pickup service
 * corrupt/        0700: what pickup could not make sense of
 * </pre>
 */
public record Maildrop(Path queueDirectory) {
    /** Others pass through, and see nothing. */
    private static final int MODE_PASS = 0751;

    private static final int MODE_GROUP = 01730;
    private static final int MODE_WORLD = 03733;
    private static final int MODE_OWN = 0700;
    private static final Set<PosixFilePermission> OWN = PosixFilePermissions.fromString("rwx------");

    public Path directory() {
        return queueDirectory.resolve("maildrop");
    }

    public Path socket() {
        return queueDirectory.resolve("public").resolve("pickup");
    }

    public Path corrupt() {
        return queueDirectory.resolve("corrupt");
    }

    public boolean exists() {
        return Files.isDirectory(directory());
    }

    /**
     * Makes what is missing; what is there keeps its permissions. Root makes it for {@code owner}, and is not led elsewhere
     * by what the owner of the queue directory may put there meanwhile.
     *
     * @param group setgid_group; without such a group, or without the right to use it, everybody may hand in
     */
    public void create(String owner, String group) throws IOException {
        boolean isNew = makeQueueDirectory();
        try (OpenedFile queue = open(queueDirectory.toRealPath())) {
            make(queue, "public", made -> give(made, MODE_PASS, owner));
            make(queue, "corrupt", made -> give(made, MODE_OWN, owner));
            make(queue, "maildrop", made -> {
                give(made, MODE_OWN, owner);
                Files.setAttribute(made.path(), "unix:mode", giveToGroup(made, group) ? MODE_GROUP : MODE_WORLD);
            });
            if (isNew) {
                // At last: as long as it is root's, nobody else can change what is in it.
                give(queue, MODE_PASS, owner);
            }
        }
    }

    private boolean makeQueueDirectory() throws IOException {
        if (Files.isDirectory(queueDirectory)) {
            return false;
        }
        Strangers strangers = Strangers.onTheWayTo(queueDirectory);
        if (strangers.exist()) {
            throw new IOException(queueDirectory + " cannot be made by root: " + strangers.reason());
        }
        Files.createDirectories(queueDirectory.toAbsolutePath().getParent());
        try {
            Files.createDirectory(queueDirectory, PosixFilePermissions.asFileAttribute(OWN));
            return true;
        } catch (FileAlreadyExistsException e) {
            // Somebody else has just made it.
            return false;
        }
    }

    /** What becomes of a directory that was made. */
    private interface Finish {
        void finish(OpenedFile made) throws IOException;
    }

    private static void make(OpenedFile queue, String name, Finish finish) throws IOException {
        Path path = queue.path().resolve(name);
        if (Files.isDirectory(path)) {
            return;
        }
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(OWN));
        try (OpenedFile made = open(path)) {
            if (!made.isMine()) {
                throw new IOException(name + " in the queue directory was replaced as soon as it was made");
            }
            finish.finish(made);
        }
    }

    /** A link is not followed. */
    private static OpenedFile open(Path directory) throws IOException {
        return OpenedFile.open(directory, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    private static void give(OpenedFile made, int mode, String owner) throws IOException {
        if (LocalHost.userId() == 0) {
            Account.giveTo(made.path(), owner);
        }
        Files.setAttribute(made.path(), "unix:mode", mode);
    }

    private static boolean giveToGroup(OpenedFile made, String group) {
        try {
            GroupPrincipal principal =
                    made.path().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            Files.setAttribute(made.path(), "posix:group", principal);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * The directory as root writes into it: whatever its owner puts in the place of its name now does not matter. Null for
     * everybody else, who may not be able to open it, and is not led anywhere where he could not go by himself.
     */
    @Nullable
    OpenedFile openForRoot() throws IOException {
        if (LocalHost.userId() != 0) {
            return null;
        }
        Strangers strangers = Strangers.onTheWayTo(directory());
        OpenedFile opened = open(directory().toRealPath());
        if (strangers.exist() && opened.userId() != strangers.userId()) {
            opened.close();
            throw new IOException(strangers.reason() + ", and so does not what " + directory() + " leads to");
        }
        return opened;
    }

    /** Wakes the pickup service; false when it does not run, or may not be reached. It looks by itself before long. */
    public boolean wake() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            channel.write(ByteBuffer.wrap(new byte[] {'W'}));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
