// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.config.LocalHost;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;

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
    private static final int SET_GROUP_BIT = 02000;
    private static final int OTHERS_WRITE_BIT = 2;

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
     * Makes what is missing; what is there keeps its permissions. Root makes it for {@code owner}.
     *
     * @param group setgid_group; without such a group, or without the right to use it, everybody may hand in
     */
    public void create(String owner, String group) throws IOException {
        boolean isRoot = LocalHost.userId() == 0;
        for (Path made : new Path[] {queueDirectory, socket().getParent()}) {
            make(made, MODE_PASS, isRoot, owner);
        }
        make(corrupt(), MODE_OWN, isRoot, owner);
        if (make(directory(), MODE_OWN, isRoot, owner)) {
            boolean hasGroup = giveToGroup(group);
            Files.setAttribute(directory(), "unix:mode", hasGroup ? MODE_GROUP : MODE_WORLD);
        }
    }

    private static boolean make(Path path, int mode, boolean isRoot, String owner) throws IOException {
        if (Files.isDirectory(path)) {
            return false;
        }
        Files.createDirectories(path);
        if (isRoot) {
            Account.giveTo(path, owner);
        }
        Files.setAttribute(path, "unix:mode", mode);
        return true;
    }

    private boolean giveToGroup(String group) {
        try {
            GroupPrincipal principal =
                    directory().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            Files.setAttribute(directory(), "posix:group", principal, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Files in it are of the group of the directory, and strangers may pass through it. */
    boolean groupIsInherited() throws IOException {
        int mode = (Integer) Files.getAttribute(directory(), "unix:mode");
        return (mode & SET_GROUP_BIT) != 0 && (mode & OTHERS_WRITE_BIT) != 0;
    }

    /** The names in it are on disk, as far as the caller may ask for that: it takes the right to read the directory. */
    void force() throws IOException {
        if (Files.isReadable(directory())) {
            try (FileChannel channel = FileChannel.open(directory(), StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
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
