// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressRewriter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What main.cf says about notices to the postmaster.
 * Thread: any (a value).
 *
 * @param classes {@code notify_classes}
 * @param sender {@code double_bounce_sender} at this host: what cannot be delivered from there is nobody's any more
 * @param readers by class, as main.cf names them: {@code bounce_notice_recipient} and its like
 */
public record NoticeSettings(
        Set<NoticeClass> classes, MailAddress sender, Map<NoticeClass, EnvelopeRecipient> readers) {
    public NoticeSettings {
        classes = Set.copyOf(classes);
        readers = Map.copyOf(readers);
    }

    /** {@code addresses}: completes those of main.cf. */
    public static NoticeSettings of(Settings settings, AddressRewriter addresses) {
        Set<NoticeClass> classes = EnumSet.noneOf(NoticeClass.class);
        for (String word : settings.words("notify_classes")) {
            NoticeClass named = NoticeClass.named(word);
            if (named == null) {
                throw settings.bad(
                        "notify_classes", "some of bounce, 2bounce, data, delay, policy, protocol, resource, software");
            }
            classes.add(named);
        }
        Map<NoticeClass, EnvelopeRecipient> readers = new EnumMap<>(NoticeClass.class);
        for (NoticeClass one : NoticeClass.values()) {
            String given = settings.text(one.parameter());
            MailAddress complete = addresses.complete(AddressList.split(given));
            readers.put(one, new EnvelopeRecipient(complete, DsnNotify.UNSPECIFIED, null, given));
        }
        MailAddress sender = MailAddress.of(settings.text("double_bounce_sender"), settings.text("myhostname"));
        return new NoticeSettings(classes, sender, readers);
    }

    /** Nobody is told of anything. */
    public static NoticeSettings none(String hostName) {
        return new NoticeSettings(Set.of(), MailAddress.of("double-bounce", hostName), Map.of());
    }

    public boolean tellsOf(NoticeClass one) {
        return classes.contains(one);
    }

    /** Mail from there is such a notice: nothing is told of what becomes of it. */
    public boolean isNotice(MailAddress from) {
        return from.localPart().equalsIgnoreCase(sender.localPart())
                && from.domain().equalsIgnoreCase(sender.domain());
    }

    public EnvelopeRecipient reader(NoticeClass one) {
        EnvelopeRecipient reader = readers.get(one);
        if (reader == null) {
            throw new IllegalStateException("nobody is told of " + one);
        }
        return reader;
    }

    /** Of a notice of that class. */
    public Envelope envelope(NoticeClass one, boolean eightBit, boolean smtpUtf8) {
        return new Envelope(
                sender, eightBit, smtpUtf8, DsnReturn.UNSPECIFIED, null, TraceMode.NONE, null, List.of(reader(one)));
    }
}
