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
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts messages into directories, a file each, as the user that the process is: written to {@code tmp}, synced, renamed into
 * {@code new}, and that directory synced, once for all that have come into it meanwhile.
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

    /** {@code hostName}: of the machine, as it is part of names. */
    public Maildir(String hostName) {
        this.hostName = hostName.replace("/", "\\057").replace(":", "\\072");
    }

    public MailboxResult deliver(Place place, MailboxLetter letter) {
        Instant now = Instant.now();
        Path tmp = place.directory()
                .resolve("tmp")
                .resolve(now.getEpochSecond() + ".P" + ProcessHandle.current().pid() + 'Q' + count.incrementAndGet()
                        + '.' + hostName);
        FileChannel opened;
        try {
            opened = create(tmp);
        } catch (IOException e) {
            return notCreated(place, tmp, e);
        }
        MailboxResult result = write(place, letter, opened);
        return result.isDelivered() ? publish(place, tmp, now) : removed(tmp, result);
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

    private static MailboxResult write(Place place, MailboxLetter letter, FileChannel opened) {
        try (FileChannel channel = opened) {
            MailboxResult result = MailboxFile.write(letter, new MailboxOutput(channel, 0, place.sizeMax()));
            if (result.isDelivered()) {
                channel.force(true);
            }
            return result.isDelivered() ? result : failed(result);
        } catch (IOException e) {
            return failed(MailboxFile.notWritten(e));
        }
    }

    private MailboxResult publish(Place place, Path tmp, Instant now) {
        Path inNew = place.directory().resolve("new");
        Path file = inNew.resolve("?");
        try {
            FileFacts facts = FileFacts.ofLink(tmp);
            file = inNew.resolve(now.getEpochSecond() + ".V" + Long.toHexString(facts.device()) + 'I'
                    + Long.toHexString(facts.inode()) + 'M' + now.getNano() / 1000 + '.' + hostName);
            move(tmp, file);
        } catch (IOException e) {
            return removed(tmp, notCreated(place, file, e));
        }
        Sync sync = new Sync();
        syncs.run(inNew, sync, all -> sync(inNew, all));
        if (sync.hasFailed) {
            // It is there for now, but may not be after a crash: the next attempt would make a second one.
            return removed(file, notCreated(place, file, sync.failure));
        }
        return MailboxResult.DELIVERED;
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
