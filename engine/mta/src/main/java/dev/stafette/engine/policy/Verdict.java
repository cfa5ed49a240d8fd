// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/**
 * What a check says.
 * Thread: any (a value).
 */
public final class Verdict {
    /** The list ends here, in favour of the client. */
    public static final Verdict PERMIT = new Verdict(null);

    /** The next check decides. */
    public static final Verdict DUNNO = new Verdict(null);

    private final @Nullable SmtpReply refusal;

    private Verdict(@Nullable SmtpReply refusal) {
        this.refusal = refusal;
    }

    public static Verdict refuse(SmtpReply reply) {
        return new Verdict(reply);
    }

    /** Null unless the client is refused. */
    public @Nullable SmtpReply refusal() {
        return refusal;
    }
}
