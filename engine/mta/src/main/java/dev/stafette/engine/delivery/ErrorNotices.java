// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.smtp.ServerErrors;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.notice.NoticeWay;
import dev.stafette.engine.notice.Postmaster;
import dev.stafette.engine.notice.SessionNotice;
import org.jspecify.annotations.Nullable;

/**
 * Tells the postmaster of servers that have misbehaved, as notify_classes wants it.
 * Thread: any.
 */
final class ErrorNotices implements ServerErrors {
    private final String protocol;
    private final Postmaster postmaster;
    private final NoticeWay way;

    private ErrorNotices(String protocol, Postmaster postmaster, NoticeWay way) {
        this.protocol = protocol;
        this.postmaster = postmaster;
        this.way = way;
    }

    /** Null: no class asks for anything that a client may meet. {@code protocol}: SMTP or LMTP. */
    static @Nullable ServerErrors of(String protocol, Postmaster postmaster, NoticeWay way) {
        NoticeSettings notices = postmaster.notices();
        boolean isAsked = notices.tellsOf(NoticeClass.PROTOCOL) || notices.tellsOf(NoticeClass.DATA);
        return isAsked ? new ErrorNotices(protocol, postmaster, way) : null;
    }

    @Override
    public void onErrors(Told session) {
        NoticeSettings notices = postmaster.notices();
        boolean isAsked = session.hasProtocolError() && notices.tellsOf(NoticeClass.PROTOCOL)
                || session.hasDataError() && notices.tellsOf(NoticeClass.DATA);
        // Nobody is told of errors with what may be told of errors.
        if (isAsked && !session.sender().isNull() && !notices.isNotice(session.sender())) {
            way.tell(
                    postmaster,
                    new SessionNotice(
                            false,
                            protocol + " client: errors from " + session.relay(),
                            "Unexpected response from " + session.relay() + ".",
                            session.transcript(),
                            null));
        }
    }
}
