// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * What stat(2) says of a file.
 * Thread: any (a value).
 *
 * @param changedMs when its facts changed last, ms since 1970
 */
public record FileFacts(int mode, int uid, int gid, int linkCount, long device, long inode, long changedMs) {
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;

    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_WRITE = 0020;
    private static final int ANY_EXECUTE = 0111;

    /** Of what a link leads to. */
    public static FileFacts of(Path file) throws IOException {
        return read(file);
    }

    /** Of the link itself. */
    public static FileFacts ofLink(Path file) throws IOException {
        return read(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileFacts read(Path file, LinkOption... options) throws IOException {
        Map<String, Object> facts = Files.readAttributes(file, "unix:mode,uid,gid,nlink,dev,ino,ctime", options);
        return new FileFacts(
                (int) number(facts, "mode"),
                (int) number(facts, "uid"),
                (int) number(facts, "gid"),
                (int) number(facts, "nlink"),
                number(facts, "dev"),
                number(facts, "ino"),
                ((FileTime) Objects.requireNonNull(facts.get("ctime"))).toMillis());
    }

    private static long number(Map<String, Object> facts, String name) {
        return ((Number) Objects.requireNonNull(facts.get(name), name)).longValue();
    }

    public boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    public boolean isDirectory() {
        return (mode & TYPE) == DIRECTORY;
    }

    boolean isLink() {
        return (mode & TYPE) == SYMBOLIC_LINK;
    }

    /** Opening it would wait for somebody at its other end, or cannot be. */
    boolean isMeetingPoint() {
        return (mode & TYPE) == FIFO || (mode & TYPE) == SOCKET;
    }

    public boolean isWritableByOthers() {
        return (mode & OTHERS_WRITE) != 0;
    }

    public boolean isWritableByGroup() {
        return (mode & GROUP_WRITE) != 0;
    }

    /** Of a directory: another account than root, its own and the file's may neither remove a file there nor rename it. */
    public boolean isSticky() {
        return (mode & STICKY) != 0;
    }

    boolean isExecutable() {
        return (mode & ANY_EXECUTE) != 0;
    }

    boolean isSameFile(FileFacts other) {
        return device == other.device && inode == other.inode && linkCount == other.linkCount && mode == other.mode;
    }
}
