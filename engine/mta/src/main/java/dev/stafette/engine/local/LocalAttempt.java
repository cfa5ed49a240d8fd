// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.engine.local.LocalParts.Forwarded;
import dev.stafette.storage.format.QueueId;
import dev.stafette.storage.format.TakenOver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One recipient of one request: what has been done for it so far, and what is to go on to others.
 * Thread: the delivery worker's.
 *
 * <p>Mail goes on when nothing has to be tried again, since all of it would be. The last message that goes on takes the
 * recipient's place in the queue, if nobody is to be told of it, so that there is no moment at which both have it.
 */
final class LocalAttempt {
    private static final String UNABLE = "unable to forward message";

    private final LocalTransport transport;
    private final DeliveryRequest request;
    private final int envelopeIndex;
    private final DeliveredBefore before;
    private final MailboxTurn turn;
    private final DuplicateFilter duplicates;
    private final List<DeliveryPart> parts = new ArrayList<>();
    private final Map<String, PendingForward> forwards = new LinkedHashMap<>();
    private boolean isExpanded;
    private Runnable onPut = () -> {};

    LocalAttempt(
            LocalTransport transport,
            DeliveryRequest request,
            int envelopeIndex,
            DeliveredBefore before,
            MailboxTurn turn) {
        this.transport = transport;
        this.request = request;
        this.envelopeIndex = envelopeIndex;
        this.before = before;
        this.turn = turn;
        this.duplicates = new DuplicateFilter(transport.settings().duplicatesMax());
    }

    LocalTransport transport() {
        return transport;
    }

    LocalSettings settings() {
        return transport.settings();
    }

    DeliveryRequest request() {
        return request;
    }

    DeliveredBefore before() {
        return before;
    }

    DuplicateFilter duplicates() {
        return duplicates;
    }

    MailboxTurn turn() {
        return turn;
    }

    /** Nothing is delivered, and nobody's files change. */
    boolean onlyAsks() {
        return request.envelope().trace().onlyAsks();
    }

    void warn(String text) {
        transport.warn(text);
    }

    /** The end of one of those that the recipient stands for. */
    Progress end(Standing standing, RecipientEnd end) {
        parts.add(new DeliveryPart(standing.recipient(), transport.service(), end.outcome(transport.service())));
        return Progress.of(end);
    }

    /** The same, by another service. */
    Progress end(Standing standing, String service, DeliveryOutcome outcome) {
        parts.add(new DeliveryPart(standing.recipient(), service, outcome));
        return outcome.kind() == Kind.DEFERRED ? Progress.DEFERRED : Progress.DONE;
    }

    /** The sender of the message wants to know that others have taken its place. */
    void onExpanded() {
        isExpanded = true;
    }

    /** One that mail goes on to. */
    Progress forward(Standing standing) {
        if (duplicates.isAgain("indirect " + standing.address.external())) {
            return Progress.DONE;
        }
        if (onlyAsks()) {
            return end(standing, RecipientEnd.sent("forwards to " + standing.address.external()));
        }
        String deliveredTo = standing.deliveredTo();
        forwards.computeIfAbsent(
                        deliveredTo + '\0' + standing.sender.external(),
                        key -> new PendingForward(deliveredTo, standing.sender, standing.isList))
                .add(standing.recipient());
        return Progress.DONE;
    }

    /** {@code onEnd}: told now, or at the end of the turn. */
    void run(Consumer<DeliveryOutcome> onEnd) {
        EnvelopeRecipient recipient = request.envelope().recipients().get(envelopeIndex);
        Standing standing = new Standing(request.envelope(), recipient);
        onPut = () -> onEnd.accept(outcome(recipient));
        try {
            Progress progress = new RecipientStep(this).deliver(standing);
            if (progress == Progress.PENDING) {
                return;
            }
            if (progress != Progress.DEFERRED) {
                forwardAll(standing);
            }
        } catch (IOException e) {
            end(standing, RecipientEnd.deferred(String.valueOf(e.getMessage())));
        }
        onEnd.accept(outcome(recipient));
    }

    /**
     * Into a mailbox, or a file. The recipient's own mailbox is all there is for him, and so can wait until the end of the turn.
     *
     * @param end what it means for the recipient
     */
    Progress put(Standing standing, UserIds ids, LetterWork work, Function<MailboxResult, RecipientEnd> end)
            throws IOException {
        if (standing.source != Standing.Source.MESSAGE) {
            return end(standing, said(transport.identity().call(ids, work), end));
        }
        turn.putOff(ids, work, landing -> {
            try {
                end(standing, said(landing.result(), end));
            } catch (IOException e) {
                end(standing, RecipientEnd.deferred(String.valueOf(e.getMessage())));
            }
            onPut.run();
        });
        return Progress.PENDING;
    }

    private RecipientEnd said(MailboxResult result, Function<MailboxResult, RecipientEnd> end) {
        result.warnings().forEach(this::warn);
        return end.apply(result);
    }

    private void forwardAll(Standing standing) throws IOException {
        List<PendingForward> all = new ArrayList<>(forwards.values());
        boolean owesNothing = parts.stream().allMatch(part -> part.outcome().kind() == Kind.DELIVERED) && !isExpanded;
        for (int i = 0; i < all.size(); i++) {
            boolean isLast = i == all.size() - 1;
            if (forward(standing, all.get(i), isLast && owesNothing) == Progress.DEFERRED) {
                return;
            }
        }
    }

    private Progress forward(Standing standing, PendingForward pending, boolean settles) throws IOException {
        Envelope envelope = pending.envelope(request.envelope());
        TakenOver takenOver = settles
                ? new TakenOver(QueueId.parse(request.queueId()), List.of(envelopeIndex), TakenOver.Warning.NONE)
                : null;
        @Nullable
        String deliveredTo = settings().prepends().contains("forward")
                ? pending.deliveredTo().toLowerCase(Locale.ROOT)
                : null;
        Forwarded forwarded = transport.parts().forwards().forward(envelope, request.body(), deliveredTo, takenOver);
        Standing original = standing.deeper();
        if (forwarded.refusal() == null) {
            original.forgetSuccess();
            return end(original, RecipientEnd.sent("forwarded as " + forwarded.queueIdText()));
        }
        boolean isFinal = forwarded.refusal().code() >= 500;
        return end(original, isFinal ? RecipientEnd.refused(forwarded.refusal()) : RecipientEnd.deferred(UNABLE));
    }

    private DeliveryOutcome outcome(EnvelopeRecipient recipient) {
        DeliveryOutcome whole = worst();
        boolean isItself = parts.size() == 1
                && parts.get(0).service().equals(transport.service())
                && parts.get(0).recipient().address().equals(recipient.address());
        DeliveryOutcome told =
                isExpanded && whole.kind() == Kind.DELIVERED ? whole.withHandover(Handover.EXPANDED) : whole;
        return isItself ? told : told.with(parts);
    }

    /** What holds for the whole: something to be tried again before a failure, and that before a delivery. */
    private DeliveryOutcome worst() {
        for (Kind kind : List.of(Kind.DEFERRED, Kind.BOUNCED)) {
            for (DeliveryPart part : parts) {
                if (part.outcome().kind() == kind) {
                    return part.outcome();
                }
            }
        }
        return parts.isEmpty()
                ? RecipientEnd.sent("delivered before").outcome(transport.service())
                : parts.get(parts.size() - 1).outcome();
    }
}
