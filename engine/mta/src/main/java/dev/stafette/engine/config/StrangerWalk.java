// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks to a file, name by name and over links, and looks at each directory: whose it is, and who may change it.
 * Thread: one, for one walk.
 *
 * <p>A directory of root's with the sticky bit, such as /tmp, is as good as one that only root may change, for a name that is
 * there and root's.
 */
final class StrangerWalk {
    private static final int LINKS_MAX = 40;

    private Strangers found = Strangers.NONE;

    /** The names that lead on from the directory that was reached. */
    private final ArrayDeque<Path> names = new ArrayDeque<>();

    /** What the system knows of a name. */
    private record Entry(Path path, int mode, int userId, int groupId) {
        /** Of stat(2). */
        static final int DIRECTORY = 0040000;

        static final int LINK = 0120000;
        static final int OTHERS_WRITE = 02;
        private static final int TYPE_MASK = 0170000;
        private static final int STICKY = 01000;
        private static final int GROUP_WRITES = 020;

        static @Nullable Entry of(Path path) throws IOException {
            try {
                Map<String, Object> all = Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
                return new Entry(path, number(all, "mode"), number(all, "uid"), number(all, "gid"));
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        private static int number(Map<String, Object> all, String name) {
            return (Integer) Objects.requireNonNull(all.get(name));
        }

        boolean is(int type) {
            return (mode & TYPE_MASK) == type;
        }

        boolean isShared() {
            return (mode & OTHERS_WRITE) != 0 || (mode & GROUP_WRITES) != 0 && groupId != 0;
        }

        boolean isSticky() {
            return (mode & STICKY) != 0;
        }
    }

    /** {@code file}: absolute. What is not there yet is made in the last directory that is. */
    Strangers walk(Path file, boolean followsLast) throws IOException {
        Entry at = root(file);
        takeFirst(file);
        int linkCount = 0;
        while (!names.isEmpty()) {
            String name = names.remove().toString();
            if (name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                Path parent = at.path().getParent();
                at = parent == null ? at : directory(parent);
                continue;
            }
            @Nullable Entry next = Entry.of(at.path().resolve(name));
            look(at, next);
            if (next == null) {
                break;
            }
            if (next.is(Entry.LINK) && (followsLast || !names.isEmpty())) {
                if (++linkCount > LINKS_MAX) {
                    throw new IOException("more than " + LINKS_MAX + " links");
                }
                Path target = Files.readSymbolicLink(next.path());
                takeFirst(target);
                at = target.isAbsolute() ? root(target) : at;
            } else if (next.is(Entry.DIRECTORY)) {
                at = next;
            } else {
                break;
            }
        }
        return found;
    }

    private void takeFirst(Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            names.addFirst(path.getName(i));
        }
    }

    private static Entry root(Path file) throws IOException {
        return directory(Objects.requireNonNull(file.getRoot()));
    }

    private static Entry directory(Path path) throws IOException {
        Entry entry = Entry.of(path);
        if (entry == null) {
            throw new NoSuchFileException(path.toString());
        }
        return entry;
    }

    private void look(Entry at, @Nullable Entry next) throws IOException {
        if (at.userId() != 0) {
            add(at);
        } else if (at.isShared()) {
            if (next != null && next.userId() != 0) {
                add(next);
            }
            if (next == null || !at.isSticky()) {
                String group = (at.mode() & Entry.OTHERS_WRITE) != 0
                        ? "all"
                        : "group " + Files.getAttribute(at.path(), "posix:group", LinkOption.NOFOLLOW_LINKS);
                found = found.and(new Strangers(
                        Strangers.ANYBODY, Strangers.ANYBODY, "", at.path() + " may be changed by " + group));
            }
        }
    }

    private void add(Entry entry) throws IOException {
        String name = Files.getOwner(entry.path(), LinkOption.NOFOLLOW_LINKS).getName();
        found = found.and(new Strangers(entry.userId(), entry.groupId(), name, entry.path() + " belongs to " + name));
    }
}
