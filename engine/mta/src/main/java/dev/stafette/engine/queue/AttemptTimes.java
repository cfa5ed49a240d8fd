// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

/**
 * Where the time of a recipient went: Postfix's {@code delays=a/b/c/d}.
 * Thread: queue agent; one instance is used again and again.
 */
public final class AttemptTimes {
    private long beforeQueueNs;
    private long inQueueNs;
    private long connectNs;
    private long transmitNs;

    void set(long beforeQueueNs, long inQueueNs, long connectNs, long transmitNs) {
        this.beforeQueueNs = beforeQueueNs;
        this.inQueueNs = inQueueNs;
        this.connectNs = connectNs;
        this.transmitNs = transmitNs;
    }

    /** a: from arrival until the message became active, earlier deferrals included. */
    public long beforeQueueNs() {
        return beforeQueueNs;
    }

    /** b: active, waiting for its turn. */
    public long inQueueNs() {
        return inQueueNs;
    }

    /** c: DNS, connection, greeting, EHLO. */
    public long connectNs() {
        return connectNs;
    }

    /** d: MAIL to the last reply. */
    public long transmitNs() {
        return transmitNs;
    }

    public long totalNs() {
        return beforeQueueNs + inQueueNs + connectNs + transmitNs;
    }
}
