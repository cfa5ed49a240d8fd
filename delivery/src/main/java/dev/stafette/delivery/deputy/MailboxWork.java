// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Deliveries to mailboxes, as works.
 * Thread: any.
 */
final class MailboxWork {
    private static final String APPEND = "append";
    private static final String MAILDIR = "maildir";

    private MailboxWork() {}

    static WorkFields of(LetterWork work, UserIds user) {
        return work instanceof AppendWork append ? of(append, user) : of((MaildirWork) work, user);
    }

    private static WorkFields of(AppendWork work, UserIds user) {
        MailboxFile.Place place = work.place();
        MailboxSettings settings = place.settings();
        WorkFields fields = begin(APPEND, user, work.letter());
        settings.locks().forEach(lock -> fields.put("lock", lock.name()));
        return fields.put("path", place.file().toString())
                .put("lock-attempts", settings.attemptsMax())
                .put("lock-delay-ms", settings.delay().toMillis())
                .put("lock-stale-ms", settings.stale().toMillis())
                .put("size-max", settings.sizeMax())
                .put("strict", settings.isStrict() ? 1 : 0)
                .put("owner", place.ownerId())
                .put("mailbox", place.isMailbox() ? 1 : 0)
                .put("otherwise", place.otherwise().packed());
    }

    private static WorkFields of(MaildirWork work, UserIds user) {
        Maildir.Place place = work.place();
        return begin(MAILDIR, user, work.letter())
                .put("path", place.directory().toString())
                .put("size-max", place.sizeMax())
                .put("otherwise", place.otherwise().packed());
    }

    private static WorkFields begin(String kind, UserIds user, MailboxLetter letter) {
        WorkFields fields = new WorkFields().put("work", kind);
        CommandWork.user(user, fields);
        CommandWork.copy(letter.rules(), letter.addresses(), fields);
        return fields;
    }

    static LetterWork parse(WorkFields fields, Mailboxes.OfUser mailboxes, MessageBody body) throws IOException {
        return switch (fields.text("work")) {
            case APPEND -> append(fields, mailboxes.files, body);
            case MAILDIR -> maildir(fields, mailboxes.directories, body);
            default -> throw new IOException("work of an unknown kind: " + fields.text("work"));
        };
    }

    private static AppendWork append(WorkFields fields, MailboxFile files, MessageBody body) throws IOException {
        List<LockStyle> locks = new ArrayList<>();
        for (String lock : fields.all("lock")) {
            locks.add(LockStyle.valueOf(lock));
        }
        MailboxSettings settings = new MailboxSettings(
                locks,
                fields.id("lock-attempts"),
                Duration.ofMillis(fields.number("lock-delay-ms")),
                Duration.ofMillis(fields.number("lock-stale-ms")),
                fields.number("size-max"),
                fields.number("strict") == 1);
        MailboxFile.Place place = new MailboxFile.Place(
                fields.path("path"),
                settings,
                fields.id("owner"),
                fields.number("mailbox") == 1,
                EnhancedStatus.unpack(fields.id("otherwise")));
        return new AppendWork(files, place, letter(fields, body));
    }

    private static MaildirWork maildir(WorkFields fields, Maildir directories, MessageBody body) throws IOException {
        Maildir.Place place = new Maildir.Place(
                fields.path("path"), fields.number("size-max"), EnhancedStatus.unpack(fields.id("otherwise")));
        return new MaildirWork(directories, place, letter(fields, body));
    }

    private static MailboxLetter letter(WorkFields fields, MessageBody body) throws IOException {
        return new MailboxLetter(body, CommandWork.rules(fields), CommandWork.addresses(fields));
    }
}
