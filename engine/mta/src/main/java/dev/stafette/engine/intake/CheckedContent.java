// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.checks.CheckTables;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.checks.ContentWalk;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of one message on its way past header_checks and body_checks, piece by piece before it leaves for the disk, so that
 * what they change is changed once. While a slow table is asked, the message waits, and takes no more content.
 * Thread: event loop.
 */
final class CheckedContent {
    private static final Logger LOG = LoggerFactory.getLogger(CheckedContent.class);

    private final IntakeLoop loop;
    private final Runnable whenAnswered;
    private final MessageChecks checks;
    private final ContentWalk walk;

    // Owned by the loop.
    private boolean headerWalked;
    private boolean waiting;
    private boolean closed;
    private @Nullable TableAnswer answer;
    private @Nullable SmtpReply trouble;

    /** {@code whenAnswered}: goes on with the message. */
    CheckedContent(ContentRules rules, Arrival arrival, MessageIntake message, Runnable whenAnswered) {
        this.loop = message.loop();
        this.whenAnswered = whenAnswered;
        this.checks = new MessageChecks(arrival, message.log());
        this.walk = new ContentWalk(rules, checks, this::ask, loop.allocator());
    }

    private @Nullable TableAnswer ask(CheckTables tables, String key) {
        TableAnswer known = answer;
        answer = null;
        if (known != null) {
            return known;
        }
        PatientInquiry inquiry = loop.inquirer().begin();
        TableAnswer found = tables.find(key, inquiry);
        if (!inquiry.isWaiting()) {
            return found;
        }
        waiting = true;
        loop.inquirer().await(inquiry, again -> tables.find(key, again), this::onAnswer, this::onMistake);
        return null;
    }

    private void onAnswer(TableAnswer found) {
        waiting = false;
        answer = found;
        if (!closed) {
            whenAnswered.run();
        }
    }

    private void onMistake(RuntimeException mistake) {
        LOG.error("checks of a message", mistake);
        trouble = SmtpPhrasebook.ADDRESS_LOOKUP;
        waiting = false;
        if (!closed) {
            whenAnswered.run();
        }
    }

    /** A table has not answered: nothing more may come. */
    boolean isWaiting() {
        return waiting;
    }

    /** Null: it may come in so far. */
    @Nullable
    SmtpReply refusal() {
        return trouble == null ? checks.refusal() : trouble;
    }

    MessageOrders orders() {
        return checks.orders();
    }

    /**
     * The next of the content behind the header, from the reader index on. False: it waits. Else {@link #walkedBytes} of it can
     * go, as {@link #endPiece} says.
     */
    boolean walk(HeaderFields header, ByteBuf content, boolean isLast) {
        if (trouble != null) {
            return true;
        }
        if (!headerWalked) {
            headerWalked = walk.walkHeader(header);
        }
        boolean isWalked = headerWalked && (checks.refusal() != null || walk.walk(content, isLast));
        if (isWalked && isLast && checks.refusal() == null) {
            trouble = checks.refusalAtEnd();
        }
        return isWalked;
    }

    int walkedBytes() {
        return walk.walkedBytes();
    }

    /** What stands in the place of the walked bytes, the caller's; null: they do. */
    @Nullable
    ByteBuf endPiece(ByteBuf content) {
        return walk.endPiece(content);
    }

    /** Of {@code BodyRef}, for what has been changed. */
    int bodyFlags() {
        return (walk.addsLongLine() ? BodyRef.LONG_LINES : 0) | (walk.addsEightBit() ? BodyRef.EIGHT_BIT : 0);
    }

    void close() {
        closed = true;
        walk.close();
    }
}
