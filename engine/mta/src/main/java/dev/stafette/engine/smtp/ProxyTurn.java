// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.smtp.SmtpReply;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the filter in front of the queue have its say on a command that is good so far.
 * Thread: event loop.
 */
final class ProxyTurn {
    private ProxyTurn() {}

    /** There is one. */
    static Outcome rcpt(SmtpServerSession session, EnvelopeRecipient recipient, Supplier<Outcome> goOn) {
        SessionProxy proxy = session.proxy();
        MessageOrigin origin = ClientOrigin.of(session, null, ClientOrigin.isLocal(session));
        return await(session, then -> proxy.recipient(recipient, origin, then), goOn, session::refuse);
    }

    static Outcome data(SmtpServerSession session, Supplier<Outcome> goOn, Function<SmtpReply, Outcome> refuse) {
        SessionProxy proxy = session.proxy();
        return proxy.isThere() ? await(session, proxy::data, goOn, refuse) : goOn.get();
    }

    private static Outcome await(
            SmtpServerSession session,
            Consumer<Consumer<@Nullable SmtpReply>> question,
            Supplier<Outcome> goOn,
            Function<SmtpReply, Outcome> refuse) {
        return session.await(question, refusal -> refusal == null ? goOn.get() : refuse.apply(refusal));
    }
}
