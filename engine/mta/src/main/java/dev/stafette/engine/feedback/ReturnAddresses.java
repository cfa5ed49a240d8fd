// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.engine.config.Settings;
import dev.stafette.storage.format.QueueId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that reports come to: those of feedback_addresses, what VERP makes of them, and senders under a seal of ours.
 * Thread: any (it does not change).
 */
public final class ReturnAddresses {
    static final String KEY_FILE = "return_address_key_file";
    static final String ADDRESSES = "feedback_addresses";
    static final String FORWARD = "feedback_forward_address";

    private final @Nullable ReturnKeys keys;
    private final Set<String> named;
    private final Verp verp;
    private final long lifeMs;
    private final @Nullable MailAddress forward;

    private ReturnAddresses(
            @Nullable ReturnKeys keys, Set<String> named, Verp verp, long lifeMs, @Nullable MailAddress forward) {
        this.keys = keys;
        this.named = named;
        this.verp = verp;
        this.lifeMs = lifeMs;
        this.forward = forward;
    }

    /** Null: there are none. */
    public static @Nullable ReturnAddresses of(Settings settings) {
        Set<String> named = new HashSet<>();
        for (String word : settings.words(ADDRESSES)) {
            MailAddress address = AddressParser.parse(word);
            if (address == null || address.domain().isEmpty()) {
                throw settings.bad(ADDRESSES, "addresses: user@domain");
            }
            named.add(folded(address));
        }
        String keyFile = settings.text(KEY_FILE);
        if (named.isEmpty() && keyFile.isEmpty()) {
            return null;
        }
        Verp verp = Verp.parse(settings.text("default_verp_delimiters"));
        return new ReturnAddresses(
                keyFile.isEmpty() ? null : keys(settings, keyFile),
                named,
                verp == null ? new Verp('+', '=') : verp,
                settings.time("return_address_time_to_live").toMillis(),
                forward(settings));
    }

    private static @Nullable MailAddress forward(Settings settings) {
        String text = settings.text(FORWARD);
        if (text.isEmpty()) {
            return null;
        }
        MailAddress address = AddressParser.parse(text);
        if (address == null || address.domain().isEmpty()) {
            throw settings.bad(FORWARD, "an address: user@domain");
        }
        return address;
    }

    static ReturnKeys keys(Settings settings, String file) {
        try {
            return ReturnKeys.read(Path.of(file));
        } catch (IOException e) {
            throw settings.bad(KEY_FILE, "a file with keys that can be read: " + e.getMessage());
        }
    }

    private static String folded(MailAddress address) {
        return (address.localPart() + '@' + address.domain()).toLowerCase(Locale.ROOT);
    }

    /** What kind of address one is; of those that reports come to, a later one says more. */
    public enum Kind {
        /** Any other. */
        OTHER,
        /** Reports come to it, and it says nothing of whom they are about. */
        NAMED,
        /** Its recipient is part of it, and anybody could have written that. */
        VERP,
        /** It is under a seal of ours. */
        SEALED,
        /** The seal is not ours. */
        FORGED,
        /** The seal is ours, and too old. */
        EXPIRED
    }

    /**
     * What an address says.
     *
     * @param sealed null unless it looks as if it were under a seal
     * @param recipient whom it is about; null: it does not say
     */
    public record Found(
            Kind kind,
            @Nullable ReturnAddress sealed,
            @Nullable MailAddress recipient) {
        static final Found OTHER = new Found(Kind.OTHER, null, null);

        /** Reports come to it. */
        public boolean isForReports() {
            return kind == Kind.NAMED || kind == Kind.VERP || kind == Kind.SEALED;
        }

        /** It was one of ours, or says that it was. */
        public boolean isFalse() {
            return kind == Kind.FORGED || kind == Kind.EXPIRED;
        }
    }

    /** {@code nowMs}: since 1970. */
    public Found find(MailAddress address, long nowMs) {
        ReturnKeys known = keys;
        ReturnAddress sealed = known == null ? null : ReturnAddress.parse(address);
        if (known != null && sealed != null) {
            return new Found(kind(sealed, known, nowMs), sealed, sealed.recipient());
        }
        if (named.contains(folded(address))) {
            return new Found(Kind.NAMED, null, null);
        }
        String local = address.localPart();
        // A local part may have the delimiter, too.
        for (int at = local.indexOf(verp.first()); at > 0; at = local.indexOf(verp.first(), at + 1)) {
            int middle = local.lastIndexOf(verp.second());
            boolean isVerp = middle > at + 1 && middle < local.length() - 1;
            if (isVerp && named.contains(folded(MailAddress.of(local.substring(0, at), address.domain())))) {
                MailAddress recipient = MailAddress.of(local.substring(at + 1, middle), local.substring(middle + 1));
                return new Found(Kind.VERP, null, recipient);
            }
        }
        return Found.OTHER;
    }

    private Kind kind(ReturnAddress sealed, ReturnKeys known, long nowMs) {
        // The stored form never leaves the queue: whoever sends to it has read our log.
        if (sealed.isStored() || !known.areOf(sealed)) {
            return Kind.FORGED;
        }
        long sentMs = TimeUnit.MICROSECONDS.toMillis(QueueId.epochMicros(sealed.queueId()));
        return nowMs - sentMs > lifeMs ? Kind.EXPIRED : Kind.SEALED;
    }

    /** Where all that comes to them goes; null: nowhere. */
    @Nullable
    MailAddress forward() {
        return forward;
    }

    /** What we would tell that sender has been told to the event log, and nobody reads it there. */
    public boolean isUnread(MailAddress sender) {
        ReturnAddress sealed = ReturnAddress.parse(sender);
        return forward == null && named.contains(folded(sealed == null ? sender : sealed.original()));
    }
}
