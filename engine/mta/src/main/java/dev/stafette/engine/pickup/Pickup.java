// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes what lies in {@code maildrop/} into the queue, when it is woken and at every wake-up of its row in master.cf.
 * Thread: pickup, but for what says otherwise.
 *
 * <p>A file is removed when its message is durable: a crash in between brings the message a second time and never loses
 * it. What cannot be taken now stays until the next wake-up; what makes no sense goes to {@code corrupt/}.
 */
public final class Pickup implements AutoCloseable {
    static final String PROGRAM = "pickup";

    /** Messages between file and journal: enough for a commit to hold many of them. */
    static final int MESSAGES_MAX = 32;

    private static final long BODY_BYTES_MAX = 16 << 20;
    private static final long CLOSE_MS_MAX = 5_000;

    private final PickupParts parts;
    private final IntakeLoop intakeLoop;
    private final MaildropScan scan;
    private final PickupThread thread;

    // Owned by the pickup thread.
    private PickupSettings settings;
    private final ArrayDeque<Path> found = new ArrayDeque<>();
    private final Set<String> underWay = new HashSet<>();
    /** Files that cannot be read, or whose addresses lead nowhere now; left alone until the next wake-up by time. */
    private final Set<String> postponed = new HashSet<>();
    /** Files whose messages are in the queue, and which could not be deleted: taking them again would double them. */
    private final Set<String> undeleted = new HashSet<>();

    private boolean scanIsDue;
    private boolean closing;
    /** The queue takes nothing now: the next wake-up by time tries again. */
    private boolean pausing;

    private Pickup(PickupParts parts, PickupSettings settings, PickupThread thread) {
        this.parts = parts;
        this.settings = settings;
        this.thread = thread;
        this.scan = new MaildropScan(parts.maildrop(), parts.log());
        this.intakeLoop = new IntakeLoop(
                parts.loop(), PooledByteBufAllocator.DEFAULT, parts.queue(), parts.zone(), BODY_BYTES_MAX);
    }

    /** Begins with what is there. The directories exist. */
    public static Pickup open(PickupParts parts, PickupSettings settings) throws IOException {
        PickupThread thread = PickupThread.open(parts.maildrop().socket());
        Pickup pickup = new Pickup(parts, settings, thread);
        thread.start(pickup::wake, pickup::wakeByTime, settings.wakeupSeconds());
        thread.execute(pickup::wake);
        return pickup;
    }

    /** Thread: any. For messages from now on. */
    public void reload(PickupSettings changed) {
        thread.execute(() -> {
            settings = changed;
            thread.setWakeupSeconds(changed.wakeupSeconds());
            wakeByTime();
        });
    }

    /**
     * Thread: any. Deletes those of these files that are not on their way into the queue, and says on the pickup thread
     * which.
     */
    public void delete(List<String> names, Consumer<List<String>> deleted) {
        WaitingMail waiting = new WaitingMail(parts.maildrop());
        thread.execute(() -> deleted.accept(names.stream()
                .filter(name -> !underWay.contains(name) && waiting.delete(name))
                .toList()));
    }

    /** Thread: any. */
    void execute(Runnable task) {
        thread.execute(task);
    }

    /** Thread: any. */
    void executeOnLoop(Runnable task) {
        parts.loop().execute(task);
    }

    private void wakeByTime() {
        pausing = false;
        postponed.clear();
        List.copyOf(undeleted).forEach(this::delete);
        wake();
    }

    private void wake() {
        scanIsDue = true;
        work();
    }

    private void work() {
        if (scanIsDue && found.isEmpty() && !pausing && !closing) {
            scanIsDue = scan.find(found, this::isNew);
        }
        while (underWay.size() < MESSAGES_MAX && !found.isEmpty() && !pausing && !closing) {
            take(found.remove());
        }
    }

    private boolean isNew(String name) {
        return !underWay.contains(name) && !postponed.contains(name) && !undeleted.contains(name);
    }

    private void take(Path file) {
        long nowMs = System.currentTimeMillis();
        int userId;
        SeekableByteChannel channel;
        try {
            userId = FileState.of(file).userId();
            channel = Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException deleted) {
            // By an operator, since it was found.
            return;
        } catch (IOException e) {
            onUnreadable(file.getFileName().toString(), e);
            return;
        }
        PickupMessage message = null;
        try {
            Submission submission = SubmissionReader.read(new RecordReader(channel), userId, nowMs);
            String why = submission == null ? "malformed maildrop file" : reasonAgainst(submission);
            if (why == null && submission != null) {
                channel.position(0);
                message = open(file.getFileName().toString(), channel, submission, nowMs);
            } else {
                bury(file, String.valueOf(why));
            }
        } catch (IOException e) {
            onUnreadable(file.getFileName().toString(), e);
        } finally {
            if (message == null) {
                closeQuietly(channel);
            }
        }
        if (message != null) {
            message.readBlock();
        }
    }

    private @Nullable String reasonAgainst(Submission submission) {
        long bytesMax = settings.messageBytesMax();
        return bytesMax > 0 && submission.contentBytes() > bytesMax ? "message file too big" : null;
    }

    private PickupMessage open(String name, SeekableByteChannel channel, Submission submission, long nowMs)
            throws IOException {
        long queueId = parts.queue().nextQueueId(nowMs);
        Arrival arrival = new SubmittedArrival(settings).of(submission, queueId, nowMs, System.nanoTime());
        parts.log()
                .info(
                        PROGRAM,
                        arrival.queueIdText() + ": uid=" + submission.userId() + " from=<"
                                + parts.log().address(submission.sender()) + ">");
        underWay.add(name);
        return new PickupMessage(
                this,
                name,
                channel,
                listener -> new MessageIntake(intakeLoop, settings.intake(), arrival, listener, parts.log()));
    }

    private static void closeQuietly(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
            return;
        }
    }

    /** The message is in the queue, or it is not. */
    void onEnd(PickupMessage message, @Nullable SmtpReply refusal) {
        if (refusal == null || refusal.isTransient()) {
            finish(message, refusal);
            return;
        }
        if (message.arrival().envelope().sender().isNull()) {
            bury(parts.maildrop().directory().resolve(message.name()), refusal.logText());
            finish(message, refusal);
            return;
        }
        try {
            returnToSender(message, refusal);
        } catch (IOException e) {
            onUnreadable(message.name(), e);
            finish(message, refusal);
        }
    }

    private void returnToSender(PickupMessage message, SmtpReply refusal) throws IOException {
        long nowMs = System.currentTimeMillis();
        ReturnedMail returned = new ReturnedMail(
                settings.hostName(),
                settings.origin(),
                settings.intake().mailName(),
                settings.returnWording(),
                parts.zone());
        Arrival arrival =
                returned.arrival(message.arrival(), parts.queue().nextQueueId(nowMs), nowMs, System.nanoTime());
        ByteBuf content =
                returned.compose(message.arrival(), refusal, arrival.queueIdText(), nowMs, message.readAgain());
        String queueId = message.arrival().queueIdText();
        parts.log().info(PROGRAM, queueId + ": refused: " + refusal.logText());
        parts.log().senderNonDelivery(queueId, arrival.queueIdText());
        ReportListener listener = why -> execute(() -> finish(message, why));
        // As any report, it is not looked into.
        IntakeSettings ofReport = settings.intake().withContentFilter("").withoutChecks();
        MessageIntake intake = new MessageIntake(intakeLoop, ofReport, arrival, listener, parts.log());
        executeOnLoop(() -> {
            intake.room(content.readableBytes()).writeBytes(content);
            content.release();
            intake.end(0);
        });
    }

    /** A report is small: it never waits for room. */
    private interface ReportListener extends IntakeListener {
        @Override
        default void onRoom() {}
    }

    /** The file goes with what came of it, unless that is to be tried again. */
    private void finish(PickupMessage message, @Nullable SmtpReply refusal) {
        if (refusal == null) {
            delete(message.name());
        } else if (refusal.isTransient()) {
            parts.log().warning(PROGRAM, message.name() + ": not taken in yet: " + refusal.logText());
            if (isForAll(refusal)) {
                pausing = true;
            } else {
                postponed.add(message.name());
            }
        }
        try {
            message.close();
        } catch (IOException e) {
            onUnreadable(message.name(), e);
        }
        underWay.remove(message.name());
        work();
    }

    /** Other messages would fare no better. */
    private static boolean isForAll(SmtpReply refusal) {
        return refusal == SmtpPhrasebook.NO_SPACE || refusal == SmtpPhrasebook.WRITE_ERROR;
    }

    private void delete(String name) {
        try {
            Files.deleteIfExists(parts.maildrop().directory().resolve(name));
            undeleted.remove(name);
        } catch (IOException e) {
            parts.log().warning(PROGRAM, "maildrop/" + name + ": taken in, and not deleted: " + e);
            undeleted.add(name);
        }
    }

    /** Nobody can do anything with it, and nothing is thrown away. */
    private void bury(Path file, String why) {
        try {
            Files.move(file, parts.maildrop().corrupt().resolve(file.getFileName()));
            parts.log()
                    .warning(
                            PROGRAM,
                            "saving corrupt file \"" + file.getFileName() + "\" from queue \"maildrop\" to"
                                    + " queue \"corrupt\": " + why);
        } catch (IOException e) {
            onUnreadable(file.getFileName().toString(), e);
        }
    }

    void onUnreadable(String name, IOException why) {
        parts.log().warning(PROGRAM, "maildrop/" + name + ": " + why);
        postponed.add(name);
    }

    /** Lets the messages come to an end that are under way, and ends the thread. */
    @Override
    public void close() throws IOException {
        thread.execute(() -> {
            closing = true;
            found.clear();
        });
        thread.close(TimeUnit.MILLISECONDS.toNanos(CLOSE_MS_MAX), underWay::isEmpty);
    }
}
