// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.local.MailboxTurn.Landing;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to mailboxes of users without an account, which tables name with their owners: Postfix's virtual(8).
 * Thread: any; a worker delivers.
 */
public final class VirtualTransport extends MailboxDelivery {
    private static final EnhancedStatus OTHERWISE = EnhancedStatus.of(4, 2, 0);

    private final VirtualSettings settings;
    private final MailboxRoom room;

    private VirtualTransport(String service, String program, VirtualSettings settings, MailboxRoom room) {
        super(service, program, room);
        this.settings = settings;
        this.room = room;
    }

    /** {@code program}: as the log calls it. */
    public static Transport of(String service, String program, Settings settings, ListTables tables, MailboxRoom room) {
        return new VirtualTransport(service, program, VirtualSettings.of(settings, tables), room);
    }

    @Override
    AddressKeys keys() {
        return settings.keys();
    }

    @Override
    void attempt(OpenRequest open, MailboxTurn turn) {
        if (settings.mistake() != null) {
            warn("fatal: " + settings.mistake());
            deferAll(open, "mail transport unavailable");
            return;
        }
        DeliveryRequest request = open.request();
        for (int i = 0; i < open.recipientCount(); i++) {
            int place = i;
            EnvelopeRecipient recipient = request.envelope().recipients().get(request.recipients()[i]);
            deliver(request, recipient, turn, end -> open.put(place, end.outcome(service())));
        }
    }

    /** {@code onEnd}: told now, or at the end of the turn. */
    private void deliver(
            DeliveryRequest request, EnvelopeRecipient recipient, MailboxTurn turn, Consumer<RecipientEnd> onEnd) {
        MailAddress user = AddressKeys.folded(recipient.address());
        TableAnswer mailbox = find(settings.mailboxes(), user);
        if (mailbox.finding() == Finding.NOT_FOUND) {
            onEnd.accept(RecipientEnd.unknownUser(user.external()));
            return;
        }
        if (mailbox.finding() != Finding.FOUND) {
            warn("table virtual_mailbox_maps: lookup " + user + ": " + mailbox.why());
            onEnd.accept(RecipientEnd.misconfigured());
            return;
        }
        UserIds owner = owner(user);
        if (owner == null) {
            onEnd.accept(RecipientEnd.misconfigured());
            return;
        }
        String path = settings.base() + '/' + mailbox.value();
        boolean isDirectory = path.endsWith("/");
        if (request.envelope().trace().onlyAsks()) {
            onEnd.accept(RecipientEnd.sent(isDirectory ? "delivers to maildir" : "delivers to mailbox"));
            return;
        }
        String refusal = room.identity().refusal(owner);
        if (refusal != null) {
            onEnd.accept(RecipientEnd.deferred(refusal));
            return;
        }
        CopyAddresses addresses = new CopyAddresses(
                request.envelope().sender().external(),
                settings.tellsOriginal() ? recipient.given() : "",
                recipient.address().external());
        LetterWork work = isDirectory ? toDirectory(request, addresses, path) : toFile(request, addresses, path, owner);
        turn.putOff(owner, work, landing -> onEnd.accept(endOf(landing, path, owner)));
    }

    private TableAnswer find(List<Table> tables, MailAddress user) {
        return settings.keys().find(tables, user, Inquiry.BLOCKING).answer();
    }

    /** Null: that is not known, which has been said. */
    private @Nullable UserIds owner(MailAddress user) {
        int uid = id(user, settings.userIds(), "uid", settings.userIdMin());
        int gid = uid < 0 ? -1 : id(user, settings.groupIds(), "gid", 1);
        return gid < 0 ? null : new UserIds(user.external(), uid, gid);
    }

    /** Negative: that is not known. */
    private int id(MailAddress user, List<Table> tables, String what, int min) {
        String title = "virtual_" + what + "_maps";
        TableAnswer found = find(tables, user);
        if (found.finding() != Finding.FOUND) {
            warn("recipient " + user + ": not found in " + title);
            return -1;
        }
        int id = number(found.value());
        if (id < min) {
            warn("recipient " + user + ": bad " + what + ' ' + found.value() + " in " + title);
            return -1;
        }
        return id;
    }

    /** As atol(3): digits in front, and 0 where there are none. */
    private static int number(String text) {
        String trimmed = text.strip();
        int end = 0;
        while (end < trimmed.length() && end < 9 && Character.isDigit(trimmed.charAt(end))) {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(trimmed.substring(0, end));
    }

    private LetterWork toDirectory(DeliveryRequest request, CopyAddresses addresses, String path) {
        Maildir.Place place =
                new Maildir.Place(Path.of(path), settings.mailbox().sizeMax(), OTHERWISE);
        MailboxLetter letter = new MailboxLetter(request.body(), MailboxLetter.inDirectory(true), addresses);
        return new MaildirWork(room.directories(), place, letter);
    }

    private LetterWork toFile(DeliveryRequest request, CopyAddresses addresses, String path, UserIds owner) {
        MailboxFile.Place place =
                new MailboxFile.Place(Path.of(path), settings.mailbox(), owner.uid(), true, OTHERWISE);
        MailboxLetter letter = new MailboxLetter(request.body(), MailboxLetter.inFile(true), addresses);
        return new AppendWork(room.files(), place, letter);
    }

    private RecipientEnd endOf(Landing landing, String path, UserIds owner) {
        MailboxResult result;
        try {
            result = landing.result();
        } catch (IOException e) {
            return RecipientEnd.deferred(String.valueOf(e.getMessage()));
        }
        result.warnings().forEach(this::warn);
        boolean isDirectory = path.endsWith("/");
        if (result.isDelivered()) {
            return RecipientEnd.sent(isDirectory ? "delivered to maildir" : "delivered to mailbox");
        }
        if (isDirectory) {
            return new RecipientEnd(result.status(), result.reason());
        }
        if (result.reason().endsWith(" is not a regular file")) {
            warn("recipient " + owner.name() + ": " + result.reason());
            return RecipientEnd.misconfiguredForGood();
        }
        return new RecipientEnd(
                result.status(),
                result.because("delivery failed to mailbox " + path + ": ").reason());
    }
}
