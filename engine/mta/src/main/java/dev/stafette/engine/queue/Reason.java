// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.storage.format.RecipientState;
import org.jspecify.annotations.Nullable;

/**
 * Why a recipient waits, as the index keeps it: one string, since equal ones are kept once.
 * Thread: any (a value).
 *
 * @param status of the last attempt
 * @param remoteMta the server that said so; null when none did
 * @param text as in the log's parentheses, but for white space at its end
 */
public record Reason(EnhancedStatus status, @Nullable String remoteMta, String text) {
    private static final char SEPARATOR = '\0';

    public Reason {
        text = text.stripTrailing();
    }

    /** What the journal keeps of it. */
    static Reason of(RecipientState state) {
        EnhancedStatus status =
                state.statusPacked() == 0 ? EnhancedStatus.of(4, 0, 0) : EnhancedStatus.unpack(state.statusPacked());
        return new Reason(status, state.remoteMta(), state.reply());
    }

    Reason withStatus(EnhancedStatus other) {
        return new Reason(other, remoteMta, text);
    }

    String encode() {
        return status.toString() + SEPARATOR + (remoteMta == null ? "" : remoteMta) + SEPARATOR + text;
    }

    /** Takes a text that is no encoded reason for the text alone: the index may have replaced it with a general one. */
    public static Reason decode(String encoded) {
        int first = encoded.indexOf(SEPARATOR);
        int second = encoded.indexOf(SEPARATOR, first + 1);
        EnhancedStatus status = first < 0 ? null : EnhancedStatus.parsePrefix(encoded.substring(0, first));
        if (status == null || second < 0) {
            return new Reason(EnhancedStatus.of(4, 0, 0), null, encoded);
        }
        String remote = encoded.substring(first + 1, second);
        return new Reason(status, remote.isEmpty() ? null : remote, encoded.substring(second + 1));
    }

    /**
     * The server's reply inside the text of an outcome, for a Diagnostic-Code of type smtp (RFC 3464 §2.3.6); null when no
     * server said anything.
     */
    @Nullable
    String diagnostic() {
        int said = text.indexOf(" said: ");
        if (remoteMta == null || said < 0) {
            return null;
        }
        int end = text.lastIndexOf(" (in reply to ");
        return text.substring(said + " said: ".length(), end < said ? text.length() : end);
    }
}
