// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.storage.CommitResult;
import org.jspecify.annotations.Nullable;

/** What whoever brings a message is told of its way to the disk. Thread: any. */
final class CommitReply {
    private CommitReply() {}

    /** Null when all is well. */
    static @Nullable SmtpReply of(CommitResult result) {
        return switch (result) {
            case DURABLE -> null;
            case NO_SPACE -> SmtpPhrasebook.NO_SPACE;
            case FAILED -> SmtpPhrasebook.WRITE_ERROR;
        };
    }
}
