// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Deliveries to mailboxes, as works.
 * Thread: any.
 */
final class MailboxWork {
    static final String APPEND = "append";
    static final String MAILDIR = "maildir";

    private MailboxWork() {}

    static WorkFields of(AppendWork work, UserIds user) {
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

    static WorkFields of(MaildirWork work, UserIds user) {
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

    static AppendWork append(WorkFields fields, MailboxFile files, MessageBody body) throws IOException {
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
                Path.of(fields.text("path")),
                settings,
                fields.id("owner"),
                fields.number("mailbox") == 1,
                EnhancedStatus.unpack(fields.id("otherwise")));
        return new AppendWork(files, place, letter(fields, body));
    }

    static MaildirWork maildir(WorkFields fields, Maildir directories, MessageBody body) throws IOException {
        Maildir.Place place = new Maildir.Place(
                Path.of(fields.text("path")), fields.number("size-max"), EnhancedStatus.unpack(fields.id("otherwise")));
        return new MaildirWork(directories, place, letter(fields, body));
    }

    private static MailboxLetter letter(WorkFields fields, MessageBody body) throws IOException {
        return new MailboxLetter(body, CommandWork.rules(fields), CommandWork.addresses(fields));
    }
}
