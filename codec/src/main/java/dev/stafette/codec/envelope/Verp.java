// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * A sender address for each recipient, so that a bounce says whom it is about: {@code list+user=domain@origin} for a
 * message from {@code list@origin} to {@code user@domain}, with the delimiters {@code +=} (variable envelope return
 * path).
 * Thread: any (a value).
 *
 * @param first behind the sender's local part; ASCII
 * @param second in the place of the recipient's at sign; ASCII
 */
public record Verp(char first, char second) {
    /** Null unless the text is two characters that can be seen. */
    public static @Nullable Verp parse(String delimiters) {
        boolean fits = delimiters.length() == 2 && delimiters.chars().allMatch(c -> c > ' ' && c < 0x7f);
        return fits ? new Verp(delimiters.charAt(0), delimiters.charAt(1)) : null;
    }

    /** Whether both delimiters are among those characters. */
    public boolean isOf(String allowed) {
        return allowed.indexOf(first) >= 0 && allowed.indexOf(second) >= 0;
    }

    /** A sender that is under a seal gets one for that recipient, in its own form; one that had it before is left alone. */
    public MailAddress sender(MailAddress sender, MailAddress recipient) {
        ReturnAddress sealed = ReturnAddress.parse(sender);
        if (sealed != null) {
            return sealed.isStored() ? sealed.sealedFor(recipient).address() : sender;
        }
        return MailAddress.of(
                sender.localPart() + first + recipient.localPart() + second + recipient.domain(), sender.domain());
    }

    /** The two delimiters. */
    @Override
    public String toString() {
        return new String(new char[] {first, second});
    }
}
