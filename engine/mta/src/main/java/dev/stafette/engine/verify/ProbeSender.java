// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whom probes come from: address_verify_sender, with the time behind its local part where it changes with that. Who writes to
 * this address is never refused: a site that probes it in turn would take ours for one that does not exist.
 * Thread: any (a value).
 *
 * @param bare in its complete form, without the time; may be the null address
 * @param lifeS address_verify_sender_ttl; 0: it does not change
 */
public record ProbeSender(MailAddress bare, long lifeS) {
    /** As in Postfix: no vowels, so that no words come of it. */
    private static final String DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZ";

    private static final int LENGTH_MAX = 12;

    public static ProbeSender of(Settings settings, AddressRewriter addresses) {
        String text = settings.text("address_verify_sender");
        if (text.isEmpty() || text.equals("<>")) {
            return new ProbeSender(MailAddress.NULL, 0);
        }
        if (text.startsWith("@") || text.endsWith("@")) {
            throw settings.bad("address_verify_sender", "an address, a local part, or nothing");
        }
        MailAddress bare = new EnvelopeRewriter(addresses).sender(AddressList.split(text));
        return new ProbeSender(bare, settings.time("address_verify_sender_ttl").toSeconds());
    }

    MailAddress at(long nowS) {
        return lifeS == 0 || bare.isNull()
                ? bare
                : MailAddress.of(bare.localPart() + digits(nowS / lifeS), bare.domain());
    }

    /** Whether it may be ours, whatever the time is. */
    public boolean isLike(MailAddress address) {
        String own = bare.localPart();
        return address.localPart().regionMatches(true, 0, own, 0, own.length())
                && address.domain().equalsIgnoreCase(bare.domain());
    }

    /** The address without the time where it is ours, and not much older or newer than now; null where it is another. */
    public @Nullable MailAddress bareOf(MailAddress address, long nowS) {
        if (!isLike(address)) {
            return null;
        }
        String behind = address.localPart().substring(bare.localPart().length());
        if (lifeS == 0 || bare.isNull()) {
            return behind.isEmpty() ? bare : null;
        }
        long slot = number(behind);
        return slot >= 0 && Math.abs(slot - nowS / lifeS) <= 1 ? bare : null;
    }

    private static String digits(long number) {
        StringBuilder out = new StringBuilder();
        long rest = number;
        do {
            out.insert(0, DIGITS.charAt((int) (rest % DIGITS.length())));
            rest /= DIGITS.length();
        } while (rest > 0);
        return out.toString();
    }

    /** -1 for what is none. */
    private static long number(String digits) {
        long number = 0;
        if (digits.isEmpty() || digits.length() > LENGTH_MAX) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            int digit = DIGITS.indexOf(digits.toUpperCase(Locale.ROOT).charAt(i));
            if (digit < 0) {
                return -1;
            }
            number = number * DIGITS.length() + digit;
        }
        return number;
    }
}
