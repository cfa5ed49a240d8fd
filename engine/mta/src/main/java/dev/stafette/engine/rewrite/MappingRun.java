// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One judgement about the addresses of a message, with what it met besides its result. It goes on where a table does not
 * answer, so that all slow tables are asked at once; what comes of it is not used then.
 * Thread: that of the judgement.
 */
public final class MappingRun {
    private static final String LATER = " -- message not accepted, try again later";

    private final Inquiry inquiry;

    // Owned by the judgement.
    private @Nullable SmtpReply refusal;
    private @Nullable List<String> warnings;

    public MappingRun(Inquiry inquiry) {
        this.inquiry = inquiry;
    }

    Inquiry inquiry() {
        return inquiry;
    }

    /** Why the message cannot be taken now; null: it can. */
    public @Nullable SmtpReply refusal() {
        return refusal;
    }

    /** For the log, in cleanup's words; the queue id belongs before each. */
    public List<String> warnings() {
        return warnings == null ? List.of() : warnings;
    }

    void warn(String text) {
        List<String> all = warnings;
        if (all == null) {
            all = new ArrayList<>();
            warnings = all;
        }
        all.add(text);
    }

    /** {@code address}: whom the lookup was for. */
    void onUnavailable(String map, String address, TableAnswer answer) {
        if (!answer.isNotYet()) {
            warn(map + " map lookup problem for " + address + LATER);
        }
        if (refusal == null) {
            refusal = SmtpPhrasebook.ADDRESS_LOOKUP;
        }
    }

    /** An alias that comes to no end, or to too many or too long addresses. */
    void onUnreasonable(String what) {
        warn("unreasonable " + what + LATER);
        refusal = SmtpPhrasebook.ALIAS_EXPANSION;
    }
}
