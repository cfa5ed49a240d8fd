// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An envelope sender that says, under a seal, which message it is the return address of (the idea of BATV and PRVS).
 * Thread: any (a value).
 *
 * <pre>
 * in the queue   local+rt K QQQQQQQQQQQQQ MMMMMMMMMMMMMMMMMMMMMMMMMM [=tenant=campaign]@origin
 * on its way     local+rt K QQQQQQQQQQQQQ SSSSSSSSSSSS [=tenant=campaign] [+user=domain]@origin
 *
 * K  which key            M  HMAC-SHA256(key, local@origin, K, Q, tenant, campaign), 130 bits
 * Q  queue id, 64 bits    S  HMAC-SHA256(M, user@domain), 60 bits
 * </pre>
 * So the queue, which has no keys, can make a seal for each recipient out of what it has stored, and whoever has got one of them
 * can make none for another. All is in letters that keep their meaning in lower case, because some servers write addresses so.
 *
 * @param original the sender without all this
 * @param tenant on whose behalf; may be empty
 * @param campaign may be empty
 * @param seal M or S
 * @param recipient whose copy of the message it is of; null: it says nothing of that
 */
public record ReturnAddress(
        MailAddress original,
        char keyId,
        long queueId,
        String tenant,
        String campaign,
        String seal,
        @Nullable MailAddress recipient) {
    /** What a key may be called by. */
    public static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    /** Of a tenant's or a campaign's name as it is written here; what is behind it is cut off. */
    public static final int NAME_CHARS_MAX = 48;

    private static final String MARK = "+rt";
    private static final int ID_DIGITS = 13;
    private static final int STORED_DIGITS = 26;
    private static final int SEAL_DIGITS = 12;
    private static final String HEX = "0123456789abcdef";

    /** As it is stored with a message. */
    public static ReturnAddress seal(
            MailAddress original, char keyId, byte[] key, long queueId, String tenant, String campaign) {
        ReturnAddress bare = new ReturnAddress(original, keyId, queueId, tenant, campaign, "", null);
        return bare.with(bare.secret(key), null);
    }

    /** Null: it is an address like any other. */
    public static @Nullable ReturnAddress parse(MailAddress address) {
        String local = address.localPart();
        int mark = local.toLowerCase(Locale.ROOT).indexOf(MARK);
        int id = mark + MARK.length();
        if (mark < 1 || local.length() < id + 1 + ID_DIGITS + SEAL_DIGITS) {
            return null;
        }
        int end = digitsEnd(local, id);
        int sealLength = end - id - 1 - ID_DIGITS;
        if (sealLength != STORED_DIGITS && sealLength != SEAL_DIGITS) {
            return null;
        }
        String digits = local.substring(id, end).toLowerCase(Locale.ROOT);
        int plus = local.indexOf('+', end);
        String names = local.substring(end, plus < 0 ? local.length() : plus);
        int second = names.indexOf('=', 1);
        String tenant = second < 0 ? "" : unescaped(names.substring(1, second));
        String campaign = second < 0 ? "" : unescaped(names.substring(second + 1));
        MailAddress recipient = plus < 0 ? null : recipient(local.substring(plus + 1));
        boolean isNamed = names.isEmpty() || names.charAt(0) == '=' && second > 0;
        if (!isNamed || tenant == null || campaign == null || plus >= 0 && recipient == null) {
            return null;
        }
        return new ReturnAddress(
                MailAddress.of(local.substring(0, mark), address.domain()),
                digits.charAt(0),
                number(digits, 1),
                tenant,
                campaign,
                digits.substring(1 + ID_DIGITS),
                recipient);
    }

    /** With the recipient in the place of which VERP has it; null: there is none. */
    private static @Nullable MailAddress recipient(String text) {
        int at = text.lastIndexOf('=');
        return at < 1 || at == text.length() - 1 ? null : MailAddress.of(text.substring(0, at), text.substring(at + 1));
    }

    private static int digitsEnd(String local, int from) {
        int end = from;
        while (end < local.length() && DIGITS.indexOf(Character.toLowerCase(local.charAt(end))) >= 0) {
            end++;
        }
        return end;
    }

    private static long number(String digits, int from) {
        long value = 0;
        for (int i = from; i < from + ID_DIGITS; i++) {
            value = value << 5 | DIGITS.indexOf(digits.charAt(i));
        }
        return value;
    }

    /** It is in the queue and nowhere else: seals for recipients can be made of it. */
    public boolean isStored() {
        return seal.length() == STORED_DIGITS;
    }

    /** As it leaves, for that recipient; null: for all of them. */
    public ReturnAddress sealedFor(@Nullable MailAddress whose) {
        return with(seal(seal, whose), whose);
    }

    /** Nobody has made it who has not got the key. */
    public boolean isValid(byte[] key) {
        String secret = secret(key);
        String expected = isStored() ? secret : seal(secret, recipient);
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), seal.getBytes(StandardCharsets.US_ASCII));
    }

    private ReturnAddress with(String otherSeal, @Nullable MailAddress whose) {
        return new ReturnAddress(original, keyId, queueId, tenant, campaign, otherSeal, whose);
    }

    private String secret(byte[] key) {
        String text = "stafette return address\n" + original.localPart() + '@' + original.domain() + '\n' + keyId + '\n'
                + queueId + '\n' + escaped(tenant) + '\n' + escaped(campaign);
        return digits(hmac(key, text), STORED_DIGITS);
    }

    private static String seal(String secret, @Nullable MailAddress whose) {
        String text = whose == null ? "" : whose.localPart() + '@' + whose.domain();
        return digits(hmac(secret.getBytes(StandardCharsets.US_ASCII), text), SEAL_DIGITS);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    private static String digits(byte[] bytes, int count) {
        StringBuilder out = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            int bit = i * 5;
            int two = (bytes[bit >> 3] & 0xff) << 8 | bytes[(bit >> 3) + 1] & 0xff;
            out.append(DIGITS.charAt(two >> 11 - (bit & 7) & 0x1f));
        }
        return out.toString();
    }

    /** How it is written. */
    public MailAddress address() {
        StringBuilder local =
                new StringBuilder(original.localPart()).append(MARK).append(keyId);
        for (int shift = (ID_DIGITS - 1) * 5; shift >= 0; shift -= 5) {
            local.append(DIGITS.charAt((int) (queueId >>> shift & 0x1f)));
        }
        local.append(seal);
        if (!tenant.isEmpty() || !campaign.isEmpty()) {
            local.append('=').append(escaped(tenant)).append('=').append(escaped(campaign));
        }
        if (recipient != null) {
            local.append('+').append(recipient.localPart()).append('=').append(recipient.domain());
        }
        return MailAddress.of(local.toString(), original.domain());
    }

    /**
     * Letters, digits, hyphens, underscores and dots between them as they are, and the octets of other characters as ~ and two
     * digits. What is cut off is whole characters, so that writing what has been read gives the same.
     */
    private static String escaped(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); ) {
            int point = name.codePointAt(i);
            int next = i + Character.charCount(point);
            String written = isPlain(point) || isInnerDot(name, i)
                    ? name.substring(i, next)
                    : hex(name.substring(i, next).getBytes(StandardCharsets.UTF_8));
            if (out.length() + written.length() > NAME_CHARS_MAX) {
                break;
            }
            out.append(written);
            i = next;
        }
        return out.toString();
    }

    private static boolean isPlain(int c) {
        return c < 0x80 && Character.isLetterOrDigit(c) || c == '-' || c == '_';
    }

    /** Whatever is cut off behind the next character, this one stays where it is. */
    private static boolean isInnerDot(String name, int at) {
        return name.charAt(at) == '.'
                && at > 0
                && at + 1 < Math.min(name.length(), NAME_CHARS_MAX / 3)
                && isPlain(name.charAt(at - 1))
                && isPlain(name.charAt(at + 1));
    }

    private static String hex(byte[] octets) {
        StringBuilder out = new StringBuilder();
        for (byte octet : octets) {
            out.append('~').append(HEX.charAt(octet >> 4 & 0xf)).append(HEX.charAt(octet & 0xf));
        }
        return out.toString();
    }

    /** Null: nobody has written it so. */
    private static @Nullable String unescaped(String text) {
        byte[] octets = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=' || c >= 0x80) {
                return null;
            }
            if (c == '~') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                octets[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                octets[length++] = (byte) c;
            }
        }
        return new String(Arrays.copyOf(octets, length), StandardCharsets.UTF_8);
    }
}
