// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.MessageOrders;
import dev.stafette.engine.restriction.AccessAction;
import dev.stafette.engine.restriction.Effect;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Ruling;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the rulings on a session's commands: lines in the log, orders for its message, replies that wait.
 * Thread: event loop.
 */
final class SessionRulings {
    private static final int PAUSE_SECONDS_MAX = 3600;

    private final SessionState state;
    private final SessionReplies replies;
    private final SessionLog log;

    SessionRulings(SessionState state, SessionReplies replies, SessionLog log) {
        this.state = state;
        this.replies = replies;
        this.log = log;
    }

    /** Does what the ruling wants beside its answer, and returns that: null, or why not. {@code command}: for the log. */
    @Nullable
    SmtpReply take(String command, Ruling ruling, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        for (Effect effect : ruling.effects()) {
            take(command, effect, sender, recipient);
        }
        SmtpReply refusal = ruling.refusal();
        if (refusal != null) {
            log.rejected(command, replies.soften(refusal), sender, recipient);
        }
        return refusal;
    }

    private void take(String command, Effect effect, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        SmtpReply reply = effect.reply();
        AccessAction action = effect.action();
        if (reply != null) {
            log.warned(command, replies.soften(reply), sender, recipient);
        } else if (action == AccessAction.COMPLAIN) {
            log.warning(effect.text());
        } else if (action == AccessAction.SLEEP) {
            replies.delayNext(TimeUnit.SECONDS.toNanos(pauseSeconds(effect.argument())));
        } else if (action != AccessAction.PREPEND) {
            log.ordered(action.name().toLowerCase(Locale.ROOT), command, effect.text(), sender, recipient);
        }
        Transaction transaction = state.transaction();
        if (transaction != null) {
            transaction.setOrders(add(transaction.orders(), effect));
        }
    }

    private static int pauseSeconds(String digits) {
        return digits.length() > 4 ? PAUSE_SECONDS_MAX : Math.min(PAUSE_SECONDS_MAX, Integer.parseInt(digits));
    }

    private static MessageOrders add(MessageOrders orders, Effect effect) {
        return switch (effect.action()) {
            case HOLD -> orders.held();
            case DISCARD -> orders.discarded();
            case REDIRECT -> orders.redirectedTo(effect.argument());
            case BCC -> orders.copiedTo(effect.argument());
            case PREPEND -> orders.withField(effect.argument());
            case FILTER -> orders.filteredBy(effect.argument());
            default -> orders;
        };
    }

    /** As {@link #take(String, Ruling, MailAddress, MailAddress)}, of what is not judged with the recipient. */
    @Nullable
    SmtpReply take(
            RestrictionStage stage,
            String command,
            Ruling ruling,
            @Nullable MailAddress sender,
            @Nullable MailAddress recipient) {
        state.setDeferral(stage, ruling.ifPermitted());
        return take(command, ruling, sender, recipient);
    }

    /** As {@link #take(RestrictionStage, String, Ruling, MailAddress, MailAddress)}, of a greeting, which the log shows. */
    @Nullable
    SmtpReply takeOfHello(String command, Ruling ruling, String helo) {
        Hello before = state.hello();
        state.setHello(new Hello(helo, before.isExtended()));
        SmtpReply refusal = take(RestrictionStage.HELO, command, ruling, null, null);
        state.setHello(before);
        return refusal;
    }

    /** What a ruling wants done with the message that it lets begin. */
    static MessageOrders ordersOf(Ruling ruling) {
        MessageOrders orders = MessageOrders.NONE;
        for (Effect effect : ruling.effects()) {
            orders = add(orders, effect);
        }
        return orders;
    }

    /** What rulings on the client, its greeting and its sender have left of {@code defer_if_permit}. */
    @Nullable
    SmtpReply pending() {
        return state.pendingDeferral(RestrictionStage.RELAY);
    }

    /** The same, of what comes before {@code stage}. */
    @Nullable
    SmtpReply pending(RestrictionStage stage) {
        return state.pendingDeferral(stage);
    }
}
