// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.log.MailLog;
import org.jspecify.annotations.Nullable;

/**
 * By which notices come into the queue from where no other mail comes in.
 * Thread: {@link #open} is for start-up, {@link #tell} for any; the event loop of the intake takes over.
 */
public final class NoticeWay {
    /** Of notices in memory. */
    public static final long BODY_BYTES_MAX = 8 << 20;

    private record Way(IntakeLoop loop, MailLog log) {}

    /** Set before the queue agent starts, and so before there is a session. */
    private @Nullable Way way;

    public void open(IntakeLoop loop, MailLog log) {
        way = new Way(loop, log);
    }

    public void tell(Postmaster postmaster, SessionNotice notice) {
        Way into = way;
        if (into == null) {
            throw new IllegalStateException("a notice before there is a way into the queue");
        }
        into.loop().execute(() -> postmaster.tell(notice, into.loop(), into.log()));
    }
}
