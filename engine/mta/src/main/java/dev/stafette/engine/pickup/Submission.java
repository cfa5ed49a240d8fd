// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a file of {@code maildrop/} besides its content; addresses are as they were handed in, unquoted.
 * Thread: any (a value).
 *
 * @param userId the owner of the file, which is whoever handed it in
 * @param arrivalMs when that was, ms since 1970
 * @param fullName of the person who sends; may be empty
 * @param rewritesHeader the message is written here ({@code rewrite_context=local}), and what its header lacks is put there
 * @param requiresTls {@code sendmail -Orequiretls=yes}
 * @param lineCount of the content
 * @param contentBytes of the content, its line ends counted as one
 */
record Submission(
        int userId,
        long arrivalMs,
        String sender,
        String fullName,
        boolean rewritesHeader,
        boolean eightBit,
        DsnReturn dsnReturn,
        @Nullable String envelopeId,
        TraceMode trace,
        @Nullable Verp verp,
        boolean requiresTls,
        List<Recipient> recipients,
        long lineCount,
        long contentBytes) {
    Submission {
        recipients = List.copyOf(recipients);
    }

    /** {@code notifyBits}: of {@link dev.stafette.codec.envelope.DsnNotify}; {@code original}: ORCPT. */
    record Recipient(
            String address, int notifyBits, @Nullable String original) {}
}
