// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.DeliveredField;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives messages to a program, as its row of master.cf says.
 * Thread: any; each delivery has a thread of its own, which waits for the program.
 */
public final class PipeTransport implements Transport {
    private static final EnhancedStatus MISCONFIGURED = EnhancedStatus.of(4, 3, 5);
    private static final EnhancedStatus NO_SUCH_USER = EnhancedStatus.of(4, 3, 0);
    private static final EnhancedStatus TOO_LARGE = EnhancedStatus.of(5, 2, 3);
    private static final EnhancedStatus LOOP = EnhancedStatus.of(5, 4, 6);
    private static final EnhancedStatus UNREADABLE = EnhancedStatus.of(4, 3, 0);
    private static final int OUTPUT_CHARACTERS_MAX = 100;

    private final PipeSettings settings;
    private final PipeParts parts;
    private final RunningThreads threads = new RunningThreads();

    public PipeTransport(PipeSettings settings, PipeParts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    @Override
    public void deliver(DeliveryRequest request) {
        long givenNs = System.nanoTime();
        parts.deliveries().execute(() -> {
            long begunNs = System.nanoTime();
            DeliveryOutcome outcome = threads.enter() ? attempt(request) : stopped();
            threads.leave();
            request.body().release();
            DeliveryOutcome[] outcomes = new DeliveryOutcome[request.recipients().length];
            Arrays.fill(outcomes, outcome);
            request.listener()
                    .onAttempted(
                            request,
                            new DeliveryReport(
                                    outcomes,
                                    null,
                                    DeliveryReport.NO_SITE,
                                    begunNs - givenNs,
                                    0,
                                    System.nanoTime() - begunNs));
        });
    }

    /** One outcome for all of them: they are arguments of one program. */
    private DeliveryOutcome attempt(DeliveryRequest request) {
        PipeAttributes attributes = settings.attributes();
        boolean isSingle = request.recipients().length == 1;
        char flag = attributes.rules().deliveredTo() ? 'D' : attributes.rules().originalTo() ? 'O' : 0;
        if (flag != 0 && !isSingle) {
            parts.warn("pipe flag `" + flag + "' requires " + settings.service() + "_destination_recipient_limit = 1");
            return outcome(Kind.DEFERRED, MISCONFIGURED, "mail system configuration error");
        }
        if (attributes.messageBytesMax() != 0 && request.body().sizeBytes() > attributes.messageBytesMax()) {
            return outcome(Kind.BOUNCED, TOO_LARGE, "message too large");
        }
        if (request.envelope().trace().onlyAsks()) {
            return outcome(
                    Kind.DELIVERED,
                    EnhancedStatus.SENT,
                    "delivers to command: " + attributes.command().get(0));
        }
        try {
            MailAddress first = recipient(request).address();
            if (attributes.rules().deliveredTo() && DeliveredField.isIn(request.body(), first)) {
                return outcome(Kind.BOUNCED, LOOP, "mail forwarding loop for " + first.external());
            }
        } catch (IOException e) {
            return outcome(Kind.DEFERRED, UNREADABLE, "error reading message: " + e.getMessage());
        }
        return run(request);
    }

    private static EnvelopeRecipient recipient(DeliveryRequest request) {
        return request.envelope().recipients().get(request.recipients()[0]);
    }

    private DeliveryOutcome run(DeliveryRequest request) {
        PipeAttributes attributes = settings.attributes();
        @Nullable String stranger = PipeMacros.stranger(attributes.command());
        if (stranger != null) {
            parts.warn("service " + settings.service() + ": " + stranger);
            return outcome(Kind.DEFERRED, MISCONFIGURED, "mail system configuration error");
        }
        if (!attributes.root().isEmpty()) {
            // Outside of it the program would see more than it should.
            parts.warn("service " + settings.service() + ": chroot= is not supported");
            return outcome(Kind.DEFERRED, MISCONFIGURED, "mail system configuration error");
        }
        RowUser user = RowUser.find(attributes.user(), attributes.group());
        UserIds ids = user.ids();
        if (ids == null) {
            parts.warn("service " + settings.service() + ": " + user.refusal());
            return outcome(Kind.DEFERRED, NO_SUCH_USER, user.refusal());
        }
        EnvelopeRecipient first = recipient(request);
        MailAddress given = request.envelope().senderFor(first);
        MailAddress sender = given.isNull() ? attributes.nullSender() : given;
        CommandOrder order = new CommandOrder(
                "pipe",
                CommandLine.ofWords(settings.macros().expand(attributes.command(), request, sender)),
                ids,
                settings.environment(),
                attributes.directory().isEmpty() ? settings.queueDirectory() : attributes.directory(),
                settings.timeLimit(),
                attributes.rules(),
                new CopyAddresses(
                        sender.external(),
                        settings.keepsOriginalRecipient() ? first.given() : "",
                        first.address().external()));
        return outcome(parts.commands().run(order, request.body(), System.currentTimeMillis()));
    }

    private DeliveryOutcome outcome(CommandResult result) {
        if (result.kind() != Kind.DELIVERED) {
            return outcome(result.kind(), result.status(), result.text());
        }
        String said = result.text().stripTrailing();
        String shown = said.length() > OUTPUT_CHARACTERS_MAX ? said.substring(0, OUTPUT_CHARACTERS_MAX) : said;
        return outcome(
                        Kind.DELIVERED,
                        result.status(),
                        "delivered via " + settings.service() + " service"
                                + (shown.isEmpty() ? "" : " (" + shown + ")"))
                .withHandover(settings.attributes().isFinal() ? Handover.FINAL : Handover.RELAYED);
    }

    private DeliveryOutcome stopped() {
        return outcome(Kind.DEFERRED, UNREADABLE, "the mail system stops");
    }

    private DeliveryOutcome outcome(Kind kind, EnhancedStatus status, String text) {
        return new DeliveryOutcome(kind, Scope.RECIPIENT, status, text, settings.service(), 1, null, null);
    }

    @Override
    public void close() {
        threads.stop();
    }
}
