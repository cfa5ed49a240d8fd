// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;

/** A verb that is not served; what else is wrong with it is said first, as by Postfix. Thread: event loop. */
final class RefuseStep implements VerbStep {
    /** What the client must not have done, or have done. */
    enum Order {
        ANY,
        AFTER_HELLO,
        OUTSIDE_TRANSACTION
    }

    private final SmtpReply reply;
    private final Order order;

    RefuseStep(SmtpReply reply, Order order) {
        this.reply = reply;
        this.order = order;
    }

    @Override
    public Outcome run(SmtpServerSession session, SmtpCommand command) {
        boolean lacksHello = session.settings().protocol().needsHello() && session.hello() == Hello.NONE;
        if (order == Order.AFTER_HELLO && lacksHello) {
            return session.refuse(SmtpPhrasebook.NEED_HELLO);
        }
        if (order == Order.OUTSIDE_TRANSACTION && session.exchange().transaction() != null) {
            return session.refuse(SmtpPhrasebook.IN_TRANSACTION);
        }
        return session.refuse(command instanceof BadCommand bad ? bad.reply() : reply);
    }
}
