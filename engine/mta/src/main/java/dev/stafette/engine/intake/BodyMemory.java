// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The memory that bodies take on one loop while they arrive and until they are written, counted by capacity and bounded.
 * Thread: event loop.
 *
 * <p>When it is used up, what lies there half-finished is sent to the disk early, oldest first, so that many slow clients
 * cannot keep the others out; whoever wants more waits until some is given back. A header stays here until its message is
 * complete. Where headers alone take half of the memory, the oldest of these messages are refused.
 */
final class BodyMemory {
    private final long bytesMax;

    // Owned by the loop.
    private long bytes;
    private long bytesOnTheWay;
    /** Messages with content that could be sent. */
    private final Set<MessageIntake> partial = new LinkedHashSet<>();
    /** Those of which only the header, or a part of it, is here. */
    private final Set<MessageIntake> headers = new LinkedHashSet<>();

    private final ArrayDeque<MessageIntake> waiting = new ArrayDeque<>();

    BodyMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    long bytes() {
        return bytes;
    }

    boolean isFull() {
        return bytes >= bytesMax;
    }

    /** A buffer has grown, or shrunk, by so many bytes. */
    void onResized(int delta) {
        bytes += delta;
    }

    /** A buffer is on its way to the disk. */
    void onSent(int capacity) {
        bytesOnTheWay += capacity;
    }

    /** A buffer that was on its way has been released. */
    void onWritten(int capacity) {
        bytesOnTheWay -= capacity;
        giveBack(capacity);
    }

    void giveBack(int capacity) {
        bytes -= capacity;
        while (!waiting.isEmpty() && !isFull()) {
            waiting.remove().onMemory();
        }
    }

    /** The message has content that nobody has sent, and waits for more. */
    void addPartial(MessageIntake message) {
        headers.remove(message);
        partial.add(message);
    }

    /** The message has nothing to send, and waits for more. */
    void addHeader(MessageIntake message) {
        partial.remove(message);
        headers.add(message);
    }

    void forget(MessageIntake message) {
        // A set asks even when it is empty for the number of what it looks for, and the JVM has to make one up.
        if (!partial.isEmpty()) {
            partial.remove(message);
        }
        if (!headers.isEmpty()) {
            headers.remove(message);
        }
        waiting.remove(message);
    }

    /** {@link MessageIntake#onMemory} is called when there is room again. */
    void await(MessageIntake message) {
        if (!waiting.contains(message)) {
            waiting.add(message);
        }
        while (isShort() && !partial.isEmpty()) {
            takeOldest(partial).sendPartial();
        }
        while (isShort() && !headers.isEmpty()) {
            takeOldest(headers).refuseForRoom();
        }
    }

    private boolean isShort() {
        return bytes - bytesOnTheWay > bytesMax / 2;
    }

    private static MessageIntake takeOldest(Set<MessageIntake> from) {
        Iterator<MessageIntake> all = from.iterator();
        MessageIntake oldest = all.next();
        all.remove();
        return oldest;
    }
}
