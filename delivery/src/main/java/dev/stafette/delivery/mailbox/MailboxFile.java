// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.mailbox.FileLocks.BusyMailboxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends messages to mailbox files, as the user that the process is. What waits for the same file is appended under one lock
 * and synced once; nobody is told of a message before that. What fails is taken back, so that the file ends as it did before; what a
 * process that was killed has left half written is taken back by the next one.
 * Thread: workers, which wait for the locks and the disk.
 */
public final class MailboxFile {
    private static final EnhancedStatus NOT_WRITTEN = EnhancedStatus.of(5, 3, 0);
    private static final EnhancedStatus NOT_READ = EnhancedStatus.of(5, 3, 0);
    private static final EnhancedStatus NOT_OWN = EnhancedStatus.of(4, 2, 0);
    private static final EnhancedStatus NOT_ALLOWED = EnhancedStatus.of(5, 7, 1);

    private final Gathering<Place, Append> gathering = new Gathering<>();
    private final Flock flock;
    private final AppendRecords records;

    /**
     * One file, and what holds for it.
     *
     * @param ownerId user id of the recipient, who must own it where settings are strict; -1: whoever does
     * @param isMailbox a recipient's mailbox; else a file that an alias or a user names, which may be a device and may be in a
     *     directory where no lock file can be made
     * @param otherwise the status of what says nothing else
     */
    public record Place(
            Path file, MailboxSettings settings, int ownerId, boolean isMailbox, EnhancedStatus otherwise) {}

    private static final class Append {
        final MailboxLetter letter;
        MailboxResult result = MailboxResult.failed(NOT_OWN, "not delivered");

        Append(MailboxLetter letter) {
            this.letter = letter;
        }
    }

    /** For a process with the rights of one account. */
    public MailboxFile(AppendRecords records) {
        this(new FlockProgram(), records);
    }

    public MailboxFile(Flock flock, AppendRecords records) {
        this.flock = flock;
        this.records = records;
    }

    public MailboxResult append(Place place, MailboxLetter letter) {
        return append(place, List.of(letter)).get(0);
    }

    /** Of at least one; a result for each, in their order. */
    public List<MailboxResult> append(Place place, List<MailboxLetter> letters) {
        List<Append> appends = letters.stream().map(Append::new).toList();
        gathering.run(place, appends, all -> appendAll(place, all));
        return appends.stream().map(one -> one.result).toList();
    }

    private void appendAll(Place place, List<Append> all) {
        List<String> warnings = new ArrayList<>(1);
        FileLocks locks = new FileLocks(place.file(), place.settings(), flock);
        try (locks) {
            takeLockFile(place, locks, warnings);
            SafeFile open = SafeFile.open(place.file());
            FileChannel channel = open.channel();
            try (channel) {
                MailboxResult refusal = lock(place, open, locks);
                if (refusal == null) {
                    writeRecorded(place, open, all, warnings);
                } else {
                    all.forEach(one -> one.result = refusal);
                }
            }
        } catch (BusyMailboxException e) {
            fail(all, SystemReason.status(SystemReason.BUSY, NOT_OWN), e);
        } catch (IOException e) {
            fail(all, place.otherwise(), e);
        }
        if (!warnings.isEmpty()) {
            all.get(0).result = withWarnings(all.get(0).result, warnings);
        }
    }

    private static MailboxResult withWarnings(MailboxResult result, List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(result.warnings());
        return new MailboxResult(result.status(), result.reason(), all);
    }

    private static void fail(List<Append> all, EnhancedStatus otherwise, IOException e) {
        String reason = SystemReason.text(e);
        int colon = reason.lastIndexOf(": ");
        EnhancedStatus status = SystemReason.status(colon < 0 ? reason : reason.substring(colon + 2), otherwise);
        all.forEach(one -> one.result = MailboxResult.failed(status, reason));
    }

    /** Of what is no regular file there is nothing to lock. */
    private static void takeLockFile(Place place, FileLocks locks, List<String> warnings) throws IOException {
        if (!isRegularOrNew(place.file())) {
            return;
        }
        try {
            locks.takeLockFile();
        } catch (BusyMailboxException e) {
            throw e;
        } catch (IOException e) {
            if (place.isMailbox()) {
                throw e;
            }
            warnings.add(SystemReason.text(e));
        }
    }

    private static boolean isRegularOrNew(Path file) {
        try {
            return FileFacts.of(file).isRegular();
        } catch (IOException e) {
            return true;
        }
    }

    private static @Nullable MailboxResult lock(Place place, SafeFile open, FileLocks locks) throws IOException {
        FileFacts facts = open.facts();
        Path file = place.file();
        if (facts.isRegular()) {
            locks.lock(open.channel());
            if (open.hasLost(file)) {
                return MailboxResult.failed(
                        NOT_OWN,
                        "target file status changed unexpectedly",
                        file + ": file status changed unexpectedly");
            }
        }
        if (!place.isMailbox()) {
            return facts.isRegular() && facts.isExecutable()
                    ? MailboxResult.failed(NOT_ALLOWED, "file is executable")
                    : null;
        }
        if (!facts.isRegular()) {
            return MailboxResult.failed(place.otherwise(), "destination " + file + " is not a regular file");
        }
        if (place.settings().isStrict() && place.ownerId() >= 0 && facts.uid() != place.ownerId()) {
            return MailboxResult.failed(
                    NOT_OWN,
                    "destination " + file + " is not owned by recipient",
                    "specify \"strict_mailbox_ownership = no\" to ignore mailbox ownership mismatch");
        }
        return null;
    }

    private void writeRecorded(Place place, SafeFile open, List<Append> all, List<String> warnings) throws IOException {
        if (!open.facts().isRegular()) {
            write(place, open, all, null);
            return;
        }
        AppendRecord record = null;
        // Closed behind the append: with the first descriptor that is closed the system takes the locks of a file away.
        FileChannel torn = null;
        try {
            try {
                record = records.take(open.facts());
                torn = records.hasLeft(open.facts()) ? FileChannel.open(place.file(), StandardOpenOption.READ) : null;
                long taken = torn == null ? 0 : records.takeBack(open.facts(), torn, open.channel());
                if (taken > 0) {
                    warnings.add(place.file() + ": took back " + taken + " bytes of a delivery that was cut off");
                }
            } catch (IOException e) {
                warnings.add("records of what is appended to " + place.file() + ": " + SystemReason.text(e));
            }
            write(place, open, all, record);
        } finally {
            if (torn != null) {
                torn.close();
            }
            if (record != null) {
                records.free(record);
            }
        }
    }

    private static void write(Place place, SafeFile open, List<Append> all, @Nullable AppendRecord record)
            throws IOException {
        FileChannel channel = open.channel();
        boolean isRegular = open.facts().isRegular();
        long beginning = isRegular ? channel.size() : 0;
        long end = beginning;
        List<Append> written = new ArrayList<>(all.size());
        for (Append one : all) {
            MailboxOutput out =
                    one.letter.output(channel, end, isRegular ? place.settings().sizeMax() : 0, record);
            one.result = write(one.letter, out);
            if (one.result.isDelivered()) {
                end = out.end();
                written.add(one);
            } else {
                takeBack(channel, isRegular, end);
            }
            if (record != null) {
                record.end();
            }
        }
        if (written.isEmpty() || !isRegular) {
            return;
        }
        try {
            open.sync(place.file());
        } catch (IOException e) {
            takeBack(channel, true, beginning);
            MailboxResult failed = notWritten(e);
            written.forEach(one -> one.result = failed);
        }
    }

    static MailboxResult write(MailboxLetter letter, MailboxOutput out) {
        try {
            letter.write(out);
            out.flush();
            return MailboxResult.DELIVERED;
        } catch (IOException e) {
            return out.hasFailed()
                    ? notWritten(e)
                    : MailboxResult.failed(NOT_READ, "error reading message: " + SystemReason.text(e));
        }
    }

    static MailboxResult notWritten(IOException e) {
        String reason = SystemReason.text(e);
        return MailboxResult.failed(SystemReason.status(reason, NOT_WRITTEN), "error writing message: " + reason);
    }

    /** What cannot be taken back stays, as with Postfix. */
    private static void takeBack(FileChannel channel, boolean isRegular, long end) {
        if (isRegular) {
            try {
                channel.truncate(end);
            } catch (IOException e) {
                // Whoever hears of the failure hears of the first one.
                return;
            }
        }
    }
}
