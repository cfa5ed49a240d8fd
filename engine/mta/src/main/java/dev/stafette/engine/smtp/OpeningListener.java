// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.Ruling;
import io.netty.buffer.ByteBuf;

/** What a session hears of its way up to the greeting. Thread: event loop. */
interface OpeningListener {
    /** The restrictions on the client itself have been asked; the greeting follows. */
    void onJudged(Ruling ruling);

    /** It is time for the greeting, or for what stands in its place. */
    void greet();

    /** The client has not waited for the greeting. */
    void refusePipelining(ByteBuf early);

    /** The client does not come in: this is all that it hears. */
    void turnAway(SmtpReply last);

    /** The client is not worth a word. */
    void abandon();

    /** A question to a table has failed by a fault of ours. */
    void onMistake(RuntimeException mistake);
}
