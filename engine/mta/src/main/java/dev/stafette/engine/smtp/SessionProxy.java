// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.proxy.ProxySession;
import dev.stafette.engine.proxy.ProxySettings;
import dev.stafette.engine.proxy.ProxyStep;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The filter in front of the queue as the messages of one session see it, one after the other.
 * Thread: event loop.
 *
 * <pre>
 * early   RCPT → the filter hears MAIL and RCPT, DATA → DATA, the end → the content
 * late    the end → all of that: a slow client keeps no filter waiting
 * </pre>
 */
final class SessionProxy implements ProxyStep.Source {
    private final @Nullable ProxySettings settings;
    private final ServiceLoop service;
    private final EventLoop loop;
    private final SessionLog log;

    // Owned by the loop.
    private @Nullable IntakeSettings intake;
    private @Nullable ProxySession session;
    private @Nullable MessageOrigin origin;
    private String mail = "";
    private final List<String> recipients = new ArrayList<>(0);
    private @Nullable SmtpReply reply;

    SessionProxy(ServiceLoop service, EventLoop loop, SessionLog log) {
        this.settings = service.settings().proxy();
        this.service = service;
        this.loop = loop;
        this.log = log;
    }

    boolean isThere() {
        return settings != null;
    }

    /** By which a message comes in that goes to the filter. */
    IntakeSettings intake() {
        IntakeSettings known = intake;
        ProxySettings to = settings;
        if (known == null && to != null) {
            known = service.settings().intake().takenBy(new ProxyStep(this, to.workers()));
            intake = known;
        }
        return known == null ? service.settings().intake() : known;
    }

    /** Of a message that goes to a filter; of any other nobody asks. */
    void begin(SmtpCommand.Mail command) {
        if (!isThere()) {
            return;
        }
        List<String> words = CommandArguments.of(command);
        // The filter is near, and speaks no TLS: a field of the header brings it back.
        words.remove(CommandArguments.REQUIRE_TLS);
        mail = "MAIL FROM:" + String.join(" ", words);
    }

    /** {@code from}: whom the message comes from. {@code then}: null, or why the recipient is refused; later than the call. */
    void recipient(EnvelopeRecipient one, MessageOrigin from, Consumer<@Nullable SmtpReply> then) {
        String command = "RCPT TO:" + String.join(" ", CommandArguments.of(one));
        ProxySettings to = settings;
        if (to == null || to.isLate()) {
            recipients.add(command);
            origin = from;
            loop.execute(() -> then.accept(null));
            return;
        }
        ProxySession open = session;
        if (open != null) {
            open.recipient(command, then);
            return;
        }
        ProxySession opened = new ProxySession(to, loop, log::warning);
        session = opened;
        opened.open(from, mail, refusal -> {
            if (refusal == null) {
                opened.recipient(command, then);
            } else {
                close();
                then.accept(refusal);
            }
        });
    }

    /** The content may come. {@code then}: null, or why not; later than the call. */
    void data(Consumer<@Nullable SmtpReply> then) {
        ProxySession open = session;
        if (open == null) {
            loop.execute(() -> then.accept(null));
        } else {
            open.data(then);
        }
    }

    @Override
    public void find(Consumer<ProxySession> then, Consumer<SmtpReply> otherwise) {
        ProxySession open = session;
        ProxySettings to = settings;
        MessageOrigin from = origin;
        if (open != null) {
            then.accept(open);
        } else if (to != null && from != null) {
            ProxySession opened = new ProxySession(to, loop, log::warning);
            session = opened;
            opened.open(from, mail, refusal -> replay(opened, 0, refusal, then, otherwise));
        }
    }

    /** As if the client said it now; the first that is refused ends it. */
    private void replay(
            ProxySession opened,
            int index,
            @Nullable SmtpReply refusal,
            Consumer<ProxySession> then,
            Consumer<SmtpReply> otherwise) {
        if (refusal != null) {
            otherwise.accept(refusal);
        } else if (index < recipients.size()) {
            opened.recipient(recipients.get(index), next -> replay(opened, index + 1, next, then, otherwise));
        } else {
            opened.data(last -> {
                if (last == null) {
                    then.accept(opened);
                } else {
                    otherwise.accept(last);
                }
            });
        }
    }

    @Override
    public void onReply(SmtpReply said) {
        reply = said;
    }

    /** What the filter has said to the message; null: it has not been asked. */
    @Nullable
    SmtpReply reply() {
        return reply;
    }

    /** The message is over. */
    void close() {
        ProxySession open = session;
        session = null;
        origin = null;
        reply = null;
        recipients.clear();
        if (open != null) {
            open.close();
        }
    }
}
