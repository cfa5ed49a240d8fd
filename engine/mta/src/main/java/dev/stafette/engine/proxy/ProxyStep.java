// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.proxy;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.intake.TextReader;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a message that is complete to a filter, in the place of the queue.
 * Thread: event loop.
 */
public final class ProxyStep implements IntakeStep {
    private static final Duration ANSWER_TIME_MAX = Duration.ofHours(1);

    private final Source source;
    private final Executor workers;

    /** Where the session with the filter comes from. */
    public interface Source {
        /** {@code then}: hears of a session in which DATA is said, or why there is none. */
        void find(Consumer<ProxySession> then, Consumer<SmtpReply> otherwise);

        /** What the filter has said to the whole message. */
        void onReply(SmtpReply reply);
    }

    /** {@code workers}: wait for the disk. */
    public ProxyStep(Source source, Executor workers) {
        this.source = source;
        this.workers = workers;
    }

    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP;
    }

    @Override
    public Duration answerTimeMax() {
        return ANSWER_TIME_MAX;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        StepAnswer answer = message.answersLater();
        Consumer<SmtpReply> end = reply -> answer.give(whole -> {
            source.onReply(reply);
            return reply.isPositive() ? StepOutcome.DISCARD : StepOutcome.refuse(reply);
        });
        source.find(session -> new Sending(message, session, message.readText(workers), end).begin(), end);
        return StepOutcome.LATER;
    }

    /** One message on its way to the filter, a piece after the other has left. */
    private static final class Sending implements TextReader.Listener {
        private final MessageDraft message;
        private final ProxySession session;
        private final TextReader text;
        private final Consumer<SmtpReply> onEnd;

        Sending(MessageDraft message, ProxySession session, TextReader text, Consumer<SmtpReply> onEnd) {
            this.message = message;
            this.session = session;
            this.text = text;
            this.onEnd = onEnd;
        }

        void begin() {
            session.beginContent(reply -> {
                text.close();
                onEnd.accept(reply);
            });
            if (message.isClosed()) {
                text.close();
                return;
            }
            ByteBuf out = session.newBuffer();
            writeHeader(message.header(), out);
            session.send(out, () -> text.next(this));
        }

        private static void writeHeader(HeaderFields header, ByteBuf out) {
            for (int i = 0; i < header.count(); i++) {
                out.writeBytes(header.bytes(i), header.start(i), header.end(i) - header.start(i));
            }
            boolean hasBlankLine = header.end() == HeaderFields.End.END && header.textOffset() > header.headerBytes();
            if (hasBlankLine || header.end() == HeaderFields.End.END_WITHOUT_BLANK_LINE) {
                out.writeShort('\r' << 8 | '\n');
            }
        }

        @Override
        public void onPiece(@Nullable ByteBuf piece) {
            if (piece == null) {
                session.end();
            } else {
                session.send(piece.retain(), () -> text.next(this));
            }
        }

        @Override
        public void onUnreadable(String why) {
            message.log().warning("smtpd", "content for the proxy filter: " + why);
            session.close();
        }
    }
}
