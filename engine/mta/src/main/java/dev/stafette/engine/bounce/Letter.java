// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.engine.notice.NoticeClass;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.queue.RecipientReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who hears of the ends of one round, and of which: the sender, the postmaster with a copy or in the place of a sender that
 * is nobody, or neither.
 * Thread: any (a value).
 *
 * @param notice why the postmaster gets it; null: the sender does
 * @param isCopy it settles nothing: of that, the sender's report speaks, or nobody
 * @param returnsWhole the message is returned if it is not too long; else its header is
 */
record Letter(@Nullable NoticeClass notice, boolean isCopy, List<RecipientReport> reports, boolean returnsWhole) {
    /** The sender's first. {@code reports}: of one kind. */
    static List<Letter> of(Envelope message, List<RecipientReport> reports, NoticeSettings notices) {
        DsnKind kind = reports.get(0).kind();
        MailAddress sender = message.sender();
        boolean tellsPostmaster = kind == DsnKind.FAILURE || kind == DsnKind.DELAY;
        if (tellsPostmaster && notices.isNotice(sender)) {
            return List.of();
        }
        if (sender.isNull()) {
            // RFC 5321 §4.5.5, §6.1: nothing is ever reported to the null reverse-path.
            return tellsPostmaster ? ofNobody(kind, reports, notices) : List.of();
        }
        List<Letter> letters = new ArrayList<>(2);
        boolean isFailure = kind == DsnKind.FAILURE;
        List<RecipientReport> wanted = isFailure ? wanted(reports) : reports;
        if (!wanted.isEmpty()) {
            // RFC 3461 §4.3: RET is about failures; everything else returns the header.
            letters.add(new Letter(null, false, wanted, isFailure && message.dsnReturn() != DsnReturn.HDRS));
        }
        NoticeClass copy = isFailure ? NoticeClass.BOUNCE : NoticeClass.DELAY;
        if (tellsPostmaster && notices.tellsOf(copy)) {
            letters.add(new Letter(copy, true, reports, false));
        }
        return letters;
    }

    /** A report that failed is the last chance that anybody hears of it: it is returned whole. */
    private static List<Letter> ofNobody(DsnKind kind, List<RecipientReport> reports, NoticeSettings notices) {
        if (kind == DsnKind.DELAY) {
            return notices.tellsOf(NoticeClass.DELAY)
                    ? List.of(new Letter(NoticeClass.DELAY, false, reports, false))
                    : List.of();
        }
        return notices.tellsOf(NoticeClass.DOUBLE_BOUNCE) || notices.tellsOf(NoticeClass.BOUNCE)
                ? List.of(new Letter(NoticeClass.DOUBLE_BOUNCE, false, reports, true))
                : List.of();
    }

    /** Failures are noted for all recipients, since the end of the message waits for them. */
    private static List<RecipientReport> wanted(List<RecipientReport> failures) {
        return failures.stream()
                .filter(one -> DsnNotify.wantsFailure(one.recipient().notifyBits()))
                .toList();
    }

    DsnKind kind() {
        return reports.get(0).kind();
    }
}
