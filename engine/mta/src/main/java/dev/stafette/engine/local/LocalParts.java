// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.command.CommandRunner;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.storage.format.TakenOver;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What delivery to users asks the rest of the process.
 * Thread: any.
 *
 * @param routes whether an address is one of those that are delivered here
 * @param rewriter completes addresses, as it is configured now
 * @param forwards takes in what goes on to others
 */
public record LocalParts(
        MailboxRoom room,
        CommandRunner commands,
        Routes routes,
        Supplier<AddressRewriter> rewriter,
        Forwards forwards) {
    /** As {@link #room}, of one service. */
    public LocalParts with(MailboxRoom own) {
        return new LocalParts(own, commands, routes, rewriter, forwards);
    }

    /** The services of master.cf that mail can be given to, by name. */
    public interface Services extends Function<String, @Nullable Transport> {}

    /** Where mail for an address goes. */
    public interface Routes {
        /** Null: nobody can say now. */
        @Nullable
        Route resolve(MailAddress recipient, MailAddress sender, Inquiry inquiry);
    }

    /**
     * What became of a message that goes on.
     *
     * @param refusal null: it is in the queue, on stable storage
     */
    public record Forwarded(String queueIdText, @Nullable SmtpReply refusal) {}

    /** The way back into the queue. */
    public interface Forwards {
        /**
         * Returns when the message is in the queue, or why it is not; the body is borrowed.
         *
         * @param deliveredTo for whom it was here; null: that is not told
         * @param settles null: its recipient here is not done with that
         */
        Forwarded forward(
                Envelope envelope, MessageBody body, @Nullable String deliveredTo, @Nullable TakenOver settles)
                throws IOException;
    }
}
