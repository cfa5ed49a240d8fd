// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may log in, and by what password: a line {@code USER:HASH} for each, below comments, for somebody to read and
 * {@code stafette passwd} to change. A user with several lines has the password of any of them.
 * Thread: the one that calls; two processes that change it wait for each other.
 *
 * <p>A change writes another file beside it, which gets the owner and the name when it is on the disk.
 */
public final class PasswordFile {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path file;

    public PasswordFile(Path file) {
        this.file = file;
    }

    /** What may be done to the lines. */
    public interface Change {
        /** Returns whether anything is different now. */
        boolean apply(List<String> lines);
    }

    /** By user, in the order of the file. A line that makes no sense lets nobody in. */
    public Map<String, List<PasswordHash>> read() throws IOException {
        Map<String, List<PasswordHash>> hashes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            String user = user(line);
            PasswordHash hash = user.isEmpty()
                    ? null
                    : PasswordHash.parse(line.substring(user.length() + 1).strip());
            if (hash != null) {
                hashes.computeIfAbsent(user, name -> new ArrayList<>()).add(hash);
            }
        }
        return hashes;
    }

    /** Empty: the line has none. A name may have anything but a colon in it. */
    private static String user(String line) {
        int colon = line.indexOf(':');
        return colon <= 0 || line.charAt(0) == '#' ? "" : line.substring(0, colon);
    }

    /** Whether the lines of a file can have that name. */
    public static boolean canHave(String user) {
        return !user.isEmpty() && user.charAt(0) != '#' && user.chars().allMatch(c -> c > ' ' && c != ':' && c != 0x7f);
    }

    /** Puts the user's line in place of those there are, or below all others. */
    public void put(String user, PasswordHash hash) throws IOException {
        change(lines -> {
            int at = -1;
            for (int i = lines.size() - 1; i >= 0; i--) {
                if (user(lines.get(i)).equals(user)) {
                    lines.remove(i);
                    at = i;
                }
            }
            lines.add(at < 0 ? lines.size() : at, user + ':' + hash.text());
            return true;
        });
    }

    /** Returns whether there was such a user. */
    public boolean remove(String user) throws IOException {
        return change(lines -> lines.removeIf(line -> user(line).equals(user)));
    }

    private boolean change(Change change) throws IOException {
        try (FileChannel lock = openLock(beside(".lock"))) {
            lock.lock();
            List<String> lines = new ArrayList<>();
            try {
                lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
            } catch (NoSuchFileException e) {
                lines.add("# Changed by stafette passwd: USER:HASH, a line each.");
            }
            boolean isDifferent = change.apply(lines);
            if (isDifferent) {
                write(lines);
            }
            return isDifferent;
        }
    }

    private Path beside(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static FileChannel openLock(Path lock) throws IOException {
        try {
            return FileChannel.open(lock, NEW, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        } catch (FileAlreadyExistsException e) {
            return FileChannel.open(lock, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private void write(List<String> lines) throws IOException {
        Path next = beside(".tmp");
        // What somebody has left who was killed.
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(next, NEW, PosixFilePermissions.asFileAttribute(OWNER_ALONE))) {
            channel.write(StandardCharsets.UTF_8.encode(String.join("\n", lines) + '\n'));
            keepOwner(next);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** The mail system has to read it as before. A file that is new is its maker's alone. */
    private void keepOwner(Path next) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        PosixFileAttributes before = Files.readAttributes(file, PosixFileAttributes.class);
        PosixFileAttributeView after = Files.getFileAttributeView(next, PosixFileAttributeView.class);
        PosixFileAttributes made = after.readAttributes();
        if (!made.owner().equals(before.owner()) || !made.group().equals(before.group())) {
            after.setOwner(before.owner());
            after.setGroup(before.group());
        }
        after.setPermissions(before.permissions());
    }
}
