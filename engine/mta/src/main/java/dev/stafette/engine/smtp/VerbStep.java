// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;

/** What the server does about one verb. Thread: event loop; a step has no state. */
interface VerbStep {
    /** The command may be a {@link SmtpCommand.BadCommand} of this verb: order is judged before syntax. */
    Outcome run(SmtpServerSession session, SmtpCommand command);
}
