// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.MimeFault;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.checks.CheckAction;
import dev.stafette.engine.checks.CheckListener;
import dev.stafette.engine.checks.CheckPart;
import dev.stafette.engine.checks.CheckVerb;
import dev.stafette.engine.checks.Edit;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.engine.log.RejectedMail;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What header_checks(5) and its like mean for a message that comes in: it collects what is to be done with it, and logs it.
 * Thread: event loop.
 */
final class MessageChecks implements CheckListener {
    private static final String PROGRAM = "cleanup";
    private static final EnhancedStatus REJECTED = EnhancedStatus.of(5, 7, 1);
    private static final EnhancedStatus MALFORMED = EnhancedStatus.of(5, 6, 0);
    private static final String REJECTED_TEXT = "message content rejected";
    private static final String UNKNOWN_RECIPIENT = "unknown";

    /** Of a line that is logged. */
    private static final int FAULT_TEXT_MAX = 100;

    private final Arrival arrival;
    private final MailLog log;
    private final MessageClient client;
    private final boolean isOfMilters;

    // Owned by the loop.
    private MessageOrders orders = MessageOrders.NONE;
    private @Nullable SmtpReply refusal;
    private @Nullable MimeFault fault;
    private boolean over;

    MessageChecks(Arrival arrival, MailLog log) {
        this(arrival, log, arrival.origin(), false);
    }

    private MessageChecks(Arrival arrival, MailLog log, MessageClient client, boolean isOfMilters) {
        this.arrival = arrival;
        this.log = log;
        this.client = client;
        this.isOfMilters = isOfMilters;
    }

    /** Of fields that milters add. */
    static MessageChecks ofMilters(Arrival arrival, MailLog log, MessageClient client) {
        return new MessageChecks(arrival, log, client, true);
    }

    /** What they want done with the message. */
    MessageOrders orders() {
        return orders;
    }

    /** It cannot come in, whatever else it holds; null: it can so far. */
    @Nullable
    SmtpReply refusal() {
        return refusal;
    }

    /** The same when all of it has been looked at. */
    @Nullable
    SmtpReply refusalAtEnd() {
        MimeFault worst = fault;
        if (worst == null || refusal != null || orders.isDiscarded()) {
            return refusal;
        }
        return SmtpReply.of(550, MALFORMED, worst.text());
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void onUnavailable(String map) {
        warn(arrival.queueIdText() + ": " + map + " map lookup problem -- message not accepted, try again later");
        refuse(SmtpPhrasebook.ADDRESS_LOOKUP);
    }

    @Override
    public void onEmptyResult(String map, String content) {
        warn(map + " lookup of " + content + " returns an empty string result");
        warn(map + " should return NO RESULT in case of NOT FOUND");
        onUnavailable(map);
    }

    private void refuse(SmtpReply why) {
        refusal = why;
        over = true;
    }

    @Override
    public void onRejectedCharacter(String content) {
        reject("content", content, "disallowed character");
    }

    @Override
    public void onFault(MimeFault found, String content) {
        if (fault == null || found.compareTo(fault) < 0) {
            fault = found;
        }
        String text = content.substring(0, Math.min(FAULT_TEXT_MAX, content.length()));
        log.mimeFault(arrival.queueIdText(), found.text(), text, client, mail(UNKNOWN_RECIPIENT));
    }

    private RejectedMail mail(@Nullable String withoutRecipient) {
        List<EnvelopeRecipient> recipients = arrival.envelope().recipients();
        // Postfix names the one that came last.
        String recipient = recipients.isEmpty()
                ? withoutRecipient
                : recipients.get(recipients.size() - 1).address().external();
        return new RejectedMail(arrival.envelope().sender().external(), recipient, client.protocol(), client.helo());
    }

    private void log(CheckVerb verb, String where, String content, String text) {
        String what = isOfMilters ? "milter-" + where + '-' + verb.logWord() : verb.logWord();
        // Postfix leaves the colon there, in this case.
        String behind = text.isEmpty() && !isOfMilters ? null : text;
        log.checked(arrival.queueIdText(), what, where, content, client, mail(null), behind);
    }

    private void warn(String text) {
        log.warning(PROGRAM, text);
    }

    @Override
    public Edit onFound(CheckPart part, String map, String content, String result) {
        CheckAction action = CheckAction.parse(result);
        CheckVerb verb = action.verb();
        if (verb == null || isOfMilters && verb == CheckVerb.PASS) {
            warn((isOfMilters ? "unsupported" : "unknown") + " command in " + map + " map: " + result);
            return Edit.KEEP;
        }
        String where = part.logWord();
        switch (verb) {
            case DUNNO, OK -> {}
            case IGNORE -> {
                return Edit.DROP;
            }
            case STRIP -> {
                log(verb, where, content, action.text());
                return Edit.DROP;
            }
            case PREPEND, REPLACE -> {
                return edit(part, map, content, action, verb);
            }
            case REJECT -> reject(where, content, action.text());
            case FILTER, REDIRECT, BCC -> direct(verb, where, content, action.text(), map);
            default -> order(verb, where, content, action.text());
        }
        return Edit.KEEP;
    }

    private Edit edit(CheckPart part, String map, String content, CheckAction action, CheckVerb verb) {
        String text = action.text();
        String mistake = action.mistake(part, map);
        if (mistake != null) {
            warn(mistake);
            return Edit.KEEP;
        }
        log(verb, part.logWord(), content, text);
        if (verb == CheckVerb.REPLACE) {
            return Edit.replace(text);
        }
        if (isOfMilters) {
            warn("the milter_header/body_checks prepend action is not implemented");
            return Edit.KEEP;
        }
        return Edit.prepend(text);
    }

    /** {@code text} may begin with an enhanced status, which says whether it is for now or for good. */
    private void reject(String where, String content, String text) {
        EnhancedStatus said = EnhancedStatus.parsePrefix(text);
        String why =
                said == null ? text : text.substring(said.toString().length()).strip();
        EnhancedStatus status = said == null ? REJECTED : said;
        if (status.statusClass() != 4 && status.statusClass() != 5) {
            warn("bad DSN action in " + text + " -- need 4.x.x or 5.x.x");
            status = status.withClass(4);
        }
        if (text.isEmpty()) {
            why = REJECTED_TEXT;
        }
        log(CheckVerb.REJECT, where, content, status + " " + why);
        refuse(SmtpReply.of(status.statusClass() == 4 ? 451 : 550, status, why));
    }

    /** To another place: where it must be a place, else it is only a warning. */
    private void direct(CheckVerb verb, String where, String content, String text, String map) {
        if (verb == CheckVerb.FILTER) {
            if (text.isEmpty()) {
                warn("missing FILTER command argument in " + map + " map");
                return;
            }
            if (text.indexOf(':') < 0) {
                warn("bad FILTER command " + text + " in " + map + " -- need transport:destination");
                return;
            }
            orders = orders.filteredBy(text);
        } else if (text.indexOf('@') < 0) {
            String what = verb == CheckVerb.BCC ? "BCC address" : "REDIRECT target";
            warn("bad " + what + " \"" + text + "\" in " + map + " map -- need user@domain");
            return;
        } else if (verb == CheckVerb.BCC) {
            orders = orders.contentCopiedTo(text);
        } else {
            orders = orders.redirectedTo(text);
            over = true;
        }
        log(verb, where, content, text);
    }

    private void order(CheckVerb verb, String where, String content, String text) {
        if (verb == CheckVerb.HOLD && orders.isHeld()) {
            return;
        }
        log(verb, where, content, text);
        if (verb == CheckVerb.HOLD) {
            orders = orders.held();
        } else if (verb == CheckVerb.DISCARD) {
            orders = orders.discarded();
            over = true;
        } else if (verb == CheckVerb.PASS) {
            over = true;
        }
    }
}
