// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import io.netty.buffer.ByteBuf;

/** Stub. Thread: one event loop (it holds a scratch buffer). */
public final class SmtpCommandParser {
    public SmtpCommandParser(SmtpCommandSettings settings) {}

    /** @param smtpUtf8 the transaction was opened with SMTPUTF8 */
    public SmtpCommand parse(SmtpLineDecoder line, boolean smtpUtf8) {
        throw new UnsupportedOperationException("in work");
    }

    /** The readable bytes are one line without its end; the indexes stay. */
    public SmtpCommand parse(ByteBuf line, boolean smtpUtf8) {
        throw new UnsupportedOperationException("in work");
    }
}
