// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.engine.log.MailLog;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Looks for files in {@code maildrop/} that are ready.
 * Thread: pickup.
 */
final class MaildropScan {
    /** Of one look. */
    static final int FILES_MAX = 1000;

    private static final long OLD_MS = 24L * 3600 * 1000;

    /** Warned of, so that one is not named at each look; forgotten when they are too many. */
    private static final int NAMED_MAX = 1000;

    private final Maildrop maildrop;
    private final MailLog log;
    private final Set<String> named = new HashSet<>();

    MaildropScan(Maildrop maildrop, MailLog log) {
        this.maildrop = maildrop;
        this.log = log;
    }

    /** Adds files in the order of their names, which is that of time; true: there may be more. */
    boolean find(Collection<Path> found, Predicate<String> wanted) {
        List<Path> ready = new ArrayList<>();
        boolean more = false;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildrop.directory())) {
            for (Path file : files) {
                if (!wanted.test(file.getFileName().toString()) || !isReady(file)) {
                    continue;
                }
                ready.add(file);
                if (ready.size() == FILES_MAX) {
                    more = true;
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.warning(Pickup.PROGRAM, "cannot look into " + maildrop.directory() + ": " + e);
        }
        ready.sort(null);
        found.addAll(ready);
        return more;
    }

    private boolean isReady(Path file) {
        FileState state;
        try {
            state = FileState.of(file);
        } catch (IOException e) {
            // It has just gone.
            return false;
        }
        if (!state.isOrdinary()) {
            warnOnce(file, "not a regular file, or one with several names");
            return false;
        }
        if (!state.isReady() && System.currentTimeMillis() - state.modifiedMs() > OLD_MS) {
            warnOnce(file, "more than a day old, and still not complete");
        }
        return state.isReady();
    }

    private void warnOnce(Path file, String what) {
        if (named.size() >= NAMED_MAX) {
            named.clear();
        }
        if (named.add(file.getFileName().toString())) {
            log.warning(Pickup.PROGRAM, "maildrop/" + file.getFileName() + ": " + what);
        }
    }
}
