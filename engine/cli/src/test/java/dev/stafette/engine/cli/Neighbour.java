// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program of another user on the same machine, who puts links in the place of his files and directories, as fast as he can,
 * for as long as a test may take at most.
 *
 * <pre>
 * swap PATH TARGET     PATH is itself and a link to TARGET, by turns
 * watch DIR TARGET     whatever is new in DIR becomes a link to TARGET
 * </pre>
 */
final class Neighbour {
    private static final long SECONDS_MAX = 600;

    private Neighbour() {}

    public static void main(String[] words) throws IOException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        Path path = Path.of(words[1]);
        Path target = Path.of(words[2]);
        Path aside = path.resolveSibling(path.getFileName() + ".aside");
        Path link = path.resolveSibling(path.getFileName() + ".link");
        Set<Path> known = new HashSet<>();
        if (words[0].equals("watch")) {
            known.addAll(entries(path));
        } else {
            Files.createSymbolicLink(link, target);
        }
        System.out.println("ready");
        while (System.nanoTime() - endNs < 0) {
            try {
                if (words[0].equals("watch")) {
                    replaceNew(path, known, target);
                } else {
                    swap(path, aside, link);
                }
            } catch (IOException e) {
                // Somebody was faster, or what is there is not his.
                continue;
            }
        }
    }

    private static Set<Path> entries(Path directory) throws IOException {
        Set<Path> all = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(all::add);
        }
        return all;
    }

    private static void replaceNew(Path directory, Set<Path> known, Path target) throws IOException {
        for (Path entry : entries(directory)) {
            if (known.add(entry)) {
                Path aside = directory.resolve("." + entry.getFileName() + known.size());
                known.add(aside);
                Files.move(entry, aside, StandardCopyOption.ATOMIC_MOVE);
                Files.createSymbolicLink(entry, target);
            }
        }
    }

    private static void swap(Path path, Path aside, Path link) throws IOException {
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        Files.move(link, path, StandardCopyOption.ATOMIC_MOVE);
        Files.move(path, link, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
