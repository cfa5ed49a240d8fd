// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.DiskTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the generation that is written has its reserve behind its end: the disk's thread fills it while there is
 * enough left, and gives up the ballast when the disk is full.
 * Thread: queue agent.
 *
 * <p>The agent fills it itself only when nothing is left, and the disk's thread has not come to it for other work. It never
 * fills what that one is about to: what is filled twice may have a record in it.
 *
 * <pre>
 * ORDERED → FILLING → DONE   by the disk's thread
 *         → TAKEN            back by the agent, which has done it
 * </pre>
 */
final class JournalReserve {
    private static final long WAIT_NS = 50_000;

    private final DiskTasks disk;

    /** Gives space up for what must be journaled; false when there is none left to give. */
    private final BooleanSupplier ballast;

    // Owned by the queue agent.
    private JournalFile file;
    private @Nullable Fill ordered;
    private boolean full;

    JournalReserve(DiskTasks disk, BooleanSupplier ballast, JournalFile file) {
        this.disk = disk;
        this.ballast = ballast;
        this.file = file;
    }

    /** The next generation is written from now on, which was made with its reserve. */
    void follow(JournalFile next) {
        file = next;
        full = false;
    }

    /** The disk is full: what is left of the reserve must be kept for outcomes. */
    boolean isFull() {
        return full;
    }

    /** There will be more soon, or it will be known that there will not. */
    boolean isUnderWay() {
        return ordered != null;
    }

    /** Has it filled up, when it is not whole. */
    void order() {
        if (file.isReserveWhole()) {
            full = false;
            return;
        }
        if (ordered != null) {
            return;
        }
        Fill fill = new Fill(file, ballast);
        ordered = fill;
        disk.submit(() -> {
            if (fill.begin(Fill.State.FILLING)) {
                fill.run();
            }
            return () -> onDone(fill);
        });
    }

    private void onDone(Fill fill) {
        ordered = null;
        onFilled(fill);
    }

    private void onFilled(Fill fill) {
        if (fill.file == file && fill.isDone()) {
            file.onReserved(fill.at);
            full = fill.failed;
        }
    }

    /** There is no room for a record of this length: orders it, and makes it here when it was ordered in vain before. */
    void seek(int recordBytes) {
        if (ordered == null) {
            order();
        } else if (isMine(ordered) && !file.hasRoom(recordBytes)) {
            fillHere();
        }
    }

    /** For a record that must be written now: waits, if it has to, and says whether there is room. */
    boolean makeRoom(int recordBytes) {
        if (file.hasRoom(recordBytes)) {
            return true;
        }
        Fill fill = ordered;
        if (fill != null && !isMine(fill)) {
            fill.await();
            onFilled(fill);
        }
        if (!file.hasRoom(recordBytes)) {
            fillHere();
        }
        return file.hasRoom(recordBytes);
    }

    /** Whether the agent may fill: nobody else is at it, and nobody will be. */
    private boolean isMine(Fill fill) {
        onFilled(fill);
        return fill.file != file || fill.isDone() || fill.isTaken() || fill.begin(Fill.State.TAKEN);
    }

    private void fillHere() {
        Fill own = new Fill(file, ballast);
        own.run();
        onFilled(own);
    }

    /** A part of a file that is filled. */
    private static final class Fill {
        enum State {
            ORDERED,
            FILLING,
            DONE,
            TAKEN
        }

        private final JournalFile file;
        private final BooleanSupplier ballast;
        private final ByteBuffer zeros;
        private final long until;
        private final AtomicReference<State> state = new AtomicReference<>(State.ORDERED);

        // Whoever fills writes them; to be read when it is done.
        private long at;
        private boolean failed;

        Fill(JournalFile file, BooleanSupplier ballast) {
            this.file = file;
            this.ballast = ballast;
            this.zeros = file.zeros();
            this.at = file.reservedBytes();
            this.until = file.reserveUntil();
        }

        /** False: somebody else has it. */
        boolean begin(State next) {
            return state.compareAndSet(State.ORDERED, next);
        }

        boolean isDone() {
            return state.get() == State.DONE;
        }

        boolean isTaken() {
            return state.get() == State.TAKEN;
        }

        void run() {
            failed = !fill() && !(ballast.getAsBoolean() && fill());
            state.set(State.DONE);
        }

        private boolean fill() {
            try {
                while (at < until) {
                    at += file.writeZeros(zeros.clear(), at);
                }
                return true;
            } catch (ClosedChannelException generationIsOver) {
                return true;
            } catch (IOException diskIsFull) {
                return false;
            }
        }

        void await() {
            while (!isDone()) {
                LockSupport.parkNanos(this, WAIT_NS);
            }
        }
    }
}
