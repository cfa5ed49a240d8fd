// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.codec.status.EnhancedStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages into directories, a file each, as the user that the process is: written to {@code tmp}, synced, renamed into
 * {@code new}, and that directory synced, once for all that come together or have come into it meanwhile.
 * Thread: workers, which wait for the disk.
 *
 * <p>A name in {@code new} is {@code SECONDS.VdeviceIinodeMmicroseconds.HOST}, as Postfix's; one in {@code tmp} has the number of
 * the process and that of the message in it.
 */
public final class Maildir {
    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final FileAttribute<?> OWN_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

    private final String hostName;

    /** Of this process, in a name in {@code tmp}. */
    private final String tmpName;

    private final Gathering<Path, Sync> syncs = new Gathering<>();
    private final AtomicLong count = new AtomicLong();

    /**
     * One directory, and what holds for it.
     *
     * @param sizeMax of a message in it, in bytes; 0: as large as they get
     * @param otherwise the status of what says nothing else
     */
    public record Place(Path directory, long sizeMax, EnhancedStatus otherwise) {}

    private static final class Sync {
        IOException failure = new IOException("not synced");
        boolean hasFailed = true;
    }

    /** One message on its way. */
    private static final class Draft {
        final Path tmp;
        final Instant now;

        // Owned by the worker that delivers it.
        @Nullable
        FileChannel channel;

        @Nullable
        Path file;

        MailboxResult result = MailboxResult.DELIVERED;

        Draft(Path tmp, Instant now) {
            this.tmp = tmp;
            this.now = now;
        }
    }

    /** {@code hostName}: of the machine, as it is part of names. */
    public Maildir(String hostName) {
        this.hostName = hostName.replace("/", "\\057").replace(":", "\\072");
        this.tmpName = ".P" + ProcessHandle.current().pid() + 'Q';
    }

    public MailboxResult deliver(Place place, MailboxLetter letter) {
        return deliver(place, List.of(letter)).get(0);
    }

    /** Of at least one; a result for each, in their order. */
    public List<MailboxResult> deliver(Place place, List<MailboxLetter> letters) {
        List<Draft> drafts =
                letters.stream().map(letter -> write(place, letter)).toList();
        drafts.forEach(Maildir::sync);
        drafts.forEach(draft -> publish(place, draft));
        List<Draft> published =
                drafts.stream().filter(draft -> draft.result.isDelivered()).toList();
        if (!published.isEmpty()) {
            syncNew(place, published);
        }
        return drafts.stream().map(draft -> draft.result).toList();
    }

    private Draft write(Place place, MailboxLetter letter) {
        Instant now = Instant.now();
        String name = now.getEpochSecond() + tmpName + count.incrementAndGet() + '.' + hostName;
        Draft draft = new Draft(place.directory().resolve("tmp").resolve(name), now);
        try {
            draft.channel = create(draft.tmp);
        } catch (IOException e) {
            draft.result = notCreated(place, draft.tmp, e);
            return draft;
        }
        MailboxResult result = MailboxFile.write(letter, letter.output(draft.channel, 0, place.sizeMax(), null));
        draft.result = result.isDelivered() ? result : failed(result);
        return draft;
    }

    private static FileChannel create(Path tmp) throws IOException {
        try {
            return FileChannel.open(tmp, NEW, OWN);
        } catch (NoSuchFileException e) {
            makeDirectories(tmp.resolveSibling(""));
            return FileChannel.open(tmp, NEW, OWN);
        }
    }

    private static void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, OWN_DIRECTORY);
    }

    /** All are written by now: the first sync may have done most of the others. */
    private static void sync(Draft draft) {
        if (draft.channel == null) {
            return;
        }
        try (FileChannel channel = draft.channel) {
            if (draft.result.isDelivered()) {
                channel.force(true);
            }
        } catch (IOException e) {
            if (draft.result.isDelivered()) {
                draft.result = failed(MailboxFile.notWritten(e));
            }
        }
        if (!draft.result.isDelivered()) {
            draft.result = removed(draft.tmp, draft.result);
        }
    }

    private void publish(Place place, Draft draft) {
        if (!draft.result.isDelivered()) {
            return;
        }
        Path inNew = place.directory().resolve("new");
        Path file = inNew.resolve("?");
        try {
            FileFacts facts = FileFacts.ofLink(draft.tmp);
            file = inNew.resolve(draft.now.getEpochSecond() + ".V" + Long.toHexString(facts.device()) + 'I'
                    + Long.toHexString(facts.inode()) + 'M' + draft.now.getNano() / 1000 + '.' + hostName);
            move(draft.tmp, file);
            draft.file = file;
        } catch (IOException e) {
            draft.result = removed(draft.tmp, notCreated(place, file, e));
        }
    }

    private void syncNew(Place place, List<Draft> published) {
        Path inNew = place.directory().resolve("new");
        Sync sync = new Sync();
        syncs.run(inNew, List.of(sync), all -> sync(inNew, all));
        if (sync.hasFailed) {
            // They are there for now, but may not be after a crash: the next attempt would make second ones.
            for (Draft draft : published) {
                Path file = Objects.requireNonNull(draft.file);
                draft.result = removed(file, notCreated(place, file, sync.failure));
            }
        }
    }

    private static void move(Path tmp, Path file) throws IOException {
        try {
            Files.move(tmp, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            makeDirectories(file.resolveSibling("../cur").normalize());
            makeDirectories(file.resolveSibling(""));
            Files.move(tmp, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void sync(Path directory, List<Sync> all) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
            all.forEach(one -> one.hasFailed = false);
        } catch (IOException e) {
            all.forEach(one -> one.failure = e);
        }
    }

    private static MailboxResult notCreated(Place place, Path file, IOException e) {
        String reason = SystemReason.text(e);
        MailboxResult result = failed(MailboxResult.failed(
                SystemReason.status(reason, place.otherwise()), "create maildir file " + file + ": " + reason));
        if (!(e instanceof AccessDeniedException)) {
            return result;
        }
        return new MailboxResult(
                result.status(),
                result.reason(),
                List.of(
                        "maildir access problem: " + result.reason(),
                        "perhaps you need to create the maildirs in advance"));
    }

    private static MailboxResult failed(MailboxResult result) {
        return result.because("maildir delivery failed: ");
    }

    private static MailboxResult removed(Path file, MailboxResult result) {
        try {
            Files.deleteIfExists(file);
            return result;
        } catch (IOException e) {
            return new MailboxResult(
                    result.status(), result.reason(), List.of("remove " + file + ": " + SystemReason.text(e)));
        }
    }
}
