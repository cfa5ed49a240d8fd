// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.OriginLogin;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An envelope in bytes, the same in a body segment and in the journal. Little-endian; a text is a u16 length and UTF-8.
 * Thread: any.
 *
 * <pre>
 * u8 version (1, with GIVEN 2, with FILTER or ORIGIN 3, with a login 4, with a demand of TLS 5) | u8 flags (1: 8BITMIME, 2: SMTPUTF8, 4: RECORD, 8: VERIFY,
 * both: PROBE, 16: VERP, 32, from version 2 on: GIVEN, 64, from version 3 on: FILTER, 128, the same: ORIGIN) | u8 RET |
 * from version 5 on: u8 demand of TLS (0: none, 1: REQUIRETLS, 2: waived) |
 * text local part | text domain | text ENVID or 0xffff | with VERP its two delimiters, u8 each |
 * with FILTER: text transport:nexthop |
 * with ORIGIN: u8 (1: local, 2, from version 4 on: a login) | name, address, port, protocol, HELO, queue id, each a text or 0xffff |
 *              with a login: its method, user, sender, each a text |
 * u32 recipients | each: text local part | text domain | u8 NOTIFY | text ORCPT or 0xffff |
 *                   with GIVEN: text of the address that was given, or 0xffff where it is the same
 * </pre>
 */
public final class EnvelopeFormat {
    private static final int VERSION = 1;

    /** Of an envelope that a release which knows version 1 alone would not understand. */
    private static final int VERSION_GIVEN = 2;

    /** The same for version 2. */
    private static final int VERSION_FILTER = 3;

    /** The same for version 3. */
    private static final int VERSION_LOGIN = 4;

    /** The same for version 4. */
    private static final int VERSION_TLS = 5;

    private static final int EIGHT_BIT = 1;
    private static final int UTF8 = 2;
    private static final int RECORD = 4;
    private static final int VERIFY = 8;
    private static final int VERP = 16;
    private static final int GIVEN = 32;
    private static final int FILTER = 64;
    private static final int ORIGIN = 128;
    private static final int LOCAL = 1;
    private static final int LOGIN = 2;
    private static final int ABSENT = 0xffff;

    /** Recipients of one message that a reader believes: far above any smtpd_recipient_limit. */
    private static final int RECIPIENTS_MAX = 10_000_000;

    private EnvelopeFormat() {}

    public static void encode(Envelope envelope, ByteBuf out) {
        List<EnvelopeRecipient> recipients = envelope.recipients();
        boolean given = tellsGiven(recipients);
        String filter = envelope.contentFilter();
        MessageOrigin origin = envelope.origin();
        int version = version(envelope, given);
        out.writeByte(version);
        Verp verp = envelope.verp();
        out.writeByte((envelope.eightBit() ? EIGHT_BIT : 0)
                | (envelope.smtpUtf8() ? UTF8 : 0)
                | bit(envelope.trace())
                | (verp == null ? 0 : VERP)
                | (given ? GIVEN : 0)
                | (filter == null ? 0 : FILTER)
                | (origin == null ? 0 : ORIGIN));
        out.writeByte(envelope.dsnReturn().ordinal());
        if (version == VERSION_TLS) {
            out.writeByte(envelope.tls().ordinal());
        }
        address(envelope.sender(), out);
        text(envelope.envelopeId(), out);
        if (verp != null) {
            out.writeByte(verp.first()).writeByte(verp.second());
        }
        if (filter != null) {
            text(filter, out);
        }
        if (origin != null) {
            origin(origin, out);
        }
        out.writeIntLE(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            EnvelopeRecipient recipient = recipients.get(i);
            address(recipient.address(), out);
            out.writeByte(recipient.notifyBits());
            text(recipient.originalRecipient(), out);
            if (given) {
                text(recipient.givenAddress(), out);
            }
        }
    }

    private static int version(Envelope envelope, boolean given) {
        String filter = envelope.contentFilter();
        MessageOrigin origin = envelope.origin();
        if (envelope.tls() != TlsDemand.NONE) {
            return VERSION_TLS;
        }
        if (origin != null && origin.login() != null) {
            return VERSION_LOGIN;
        }
        return filter != null || origin != null ? VERSION_FILTER : given ? VERSION_GIVEN : VERSION;
    }

    private static void origin(MessageOrigin origin, ByteBuf out) {
        OriginLogin login = origin.login();
        out.writeByte((origin.isLocal() ? LOCAL : 0) | (login == null ? 0 : LOGIN));
        text(origin.name(), out);
        text(origin.address(), out);
        text(origin.port(), out);
        text(origin.protocol(), out);
        text(origin.helo(), out);
        text(origin.queueId(), out);
        if (login != null) {
            text(login.method(), out);
            text(login.user(), out);
            text(login.sender(), out);
        }
    }

    private static boolean tellsGiven(List<EnvelopeRecipient> recipients) {
        for (int i = 0; i < recipients.size(); i++) {
            if (recipients.get(i).givenAddress() != null) {
                return true;
            }
        }
        return false;
    }

    private static int bit(TraceMode trace) {
        return switch (trace) {
            case NONE -> 0;
            case RECORD -> RECORD;
            case VERIFY -> VERIFY;
            case PROBE -> RECORD | VERIFY;
        };
    }

    private static TraceMode trace(int flags) {
        if ((flags & VERIFY) != 0) {
            return (flags & RECORD) != 0 ? TraceMode.PROBE : TraceMode.VERIFY;
        }
        return (flags & RECORD) != 0 ? TraceMode.RECORD : TraceMode.NONE;
    }

    private static void address(MailAddress address, ByteBuf out) {
        text(address.localPart(), out);
        text(address.domain(), out);
    }

    private static void text(@Nullable String text, ByteBuf out) {
        if (text == null) {
            out.writeShortLE(ABSENT);
            return;
        }
        int at = out.writerIndex();
        out.writeShortLE(0);
        int length = ByteBufUtil.reserveAndWriteUtf8(out, text, text.length() * 3);
        if (length >= ABSENT) {
            throw new IllegalArgumentException("text of an envelope: " + length + " bytes (expected: < 65535)");
        }
        out.setShortLE(at, length);
    }

    /** Reads what {@link #encode} wrote; a StorageException names what does not add up. */
    public static Envelope decode(ByteBuf in) {
        try {
            return read(in);
        } catch (IndexOutOfBoundsException e) {
            throw new StorageException("envelope: cut short", e);
        }
    }

    private static Envelope read(ByteBuf in) {
        int version = in.readUnsignedByte();
        if (version < VERSION || version > VERSION_TLS) {
            throw new StorageException("envelope version: " + version + " (expected: 1 to 5)");
        }
        int flags = in.readUnsignedByte();
        int dsnReturn = in.readUnsignedByte();
        if (dsnReturn >= DsnReturn.values().length) {
            throw new StorageException("envelope RET: " + dsnReturn + " (expected: 0..2)");
        }
        TlsDemand tls = version < VERSION_TLS ? TlsDemand.NONE : readTls(in);
        MailAddress sender = readAddress(in);
        String envelopeId = readText(in);
        Verp verp = (flags & VERP) == 0 ? null : new Verp((char) in.readUnsignedByte(), (char) in.readUnsignedByte());
        String filter = (flags & FILTER) == 0 ? null : readText(in);
        MessageOrigin origin = (flags & ORIGIN) == 0 ? null : readOrigin(in);
        int count = in.readIntLE();
        if (count < 0 || count > RECIPIENTS_MAX || count > in.readableBytes()) {
            throw new StorageException("envelope recipients: " + count + " (expected: as many as there are bytes)");
        }
        List<EnvelopeRecipient> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            MailAddress address = readAddress(in);
            int notify = in.readUnsignedByte();
            String originalRecipient = readText(in);
            String given = (flags & GIVEN) == 0 ? null : readText(in);
            recipients.add(new EnvelopeRecipient(address, notify, originalRecipient, given));
        }
        return new Envelope(
                sender,
                (flags & EIGHT_BIT) != 0,
                (flags & UTF8) != 0,
                DsnReturn.values()[dsnReturn],
                envelopeId,
                trace(flags),
                verp,
                recipients,
                filter,
                origin,
                tls,
                List.of());
    }

    /** What this release does not know could only be forgotten, and must not be. */
    private static TlsDemand readTls(ByteBuf in) {
        int demand = in.readUnsignedByte();
        if (demand >= TlsDemand.values().length) {
            throw new StorageException("envelope's demand of TLS: " + demand + " (expected: 0..2)");
        }
        return TlsDemand.values()[demand];
    }

    private static MessageOrigin readOrigin(ByteBuf in) {
        int flags = in.readUnsignedByte();
        MessageOrigin origin = new MessageOrigin(
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                readText(in),
                (flags & LOCAL) != 0);
        return (flags & LOGIN) == 0
                ? origin
                : origin.with(new OriginLogin(orEmpty(readText(in)), orEmpty(readText(in)), orEmpty(readText(in))));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static MailAddress readAddress(ByteBuf in) {
        String localPart = readText(in);
        String domain = readText(in);
        return MailAddress.of(localPart == null ? "" : localPart, domain == null ? "" : domain);
    }

    private static @Nullable String readText(ByteBuf in) {
        int length = in.readUnsignedShortLE();
        return length == ABSENT
                ? null
                : in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }
}
