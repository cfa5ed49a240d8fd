// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes MAIL, RCPT and DATA with the parameters that the server offers to understand.
 * Thread: event loop.
 */
final class EnvelopeCommands {
    private static final byte[] MAIL = ascii("MAIL FROM:<");
    private static final byte[] RCPT = ascii("RCPT TO:<");
    private static final byte[] DATA = ascii("DATA\r\n");
    private static final byte[] SIZE = ascii(" SIZE=");
    private static final byte[] EIGHT_BIT = ascii(" BODY=8BITMIME");
    private static final byte[] NO_AUTH = ascii(" AUTH=<>");
    private static final byte[] UTF8 = ascii(" SMTPUTF8");
    private static final byte[] REQUIRE_TLS = ascii(" REQUIRETLS");

    /** In the order of the bits of {@link DsnNotify}. */
    private static final String[] NOTIFY_WORDS = {"NEVER", "SUCCESS", "FAILURE", "DELAY"};

    private final DeliveryRequest request;
    private final Envelope envelope;
    private final EhloCapabilities offered;
    private final ClientHabits habits;
    private final @Nullable RequireTls requirement;

    /** {@code requirement}: of a message that came with REQUIRETLS; null: of another. */
    EnvelopeCommands(
            DeliveryRequest request, EhloCapabilities offered, ClientHabits habits, @Nullable RequireTls requirement) {
        this.requirement = requirement;
        this.request = request;
        this.envelope = request.envelope();
        this.offered = offered;
        this.habits = habits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns why this server cannot be given this message at all, or null. */
    @Nullable
    DeliveryOutcome obstacle(SmtpSession session) {
        long limitBytes = offered.sizeLimitBytes();
        long sizeBytes = request.body().sizeBytes();
        if (limitBytes > 0 && sizeBytes > limitBytes) {
            return OutcomePolicy.tooBig(session.peer(), session.messageCount(), sizeBytes, limitBytes);
        }
        if (!offered.has(EhloCapabilities.SMTP_UTF8) && needsUtf8()) {
            return OutcomePolicy.needsUtf8(session.peer(), session.messageCount());
        }
        return requirement == null ? null : unfit(session, requirement);
    }

    /** RFC 8689 §4.2.1: then another host may take it. */
    private @Nullable DeliveryOutcome unfit(SmtpSession session, RequireTls required) {
        if (required.isStrict() && !session.isSecure()) {
            return OutcomePolicy.encryptionNeeded(OutcomePolicy.tlsNotOffered(session.peer()));
        }
        return required == RequireTls.ENFORCE && !offered.has(EhloCapabilities.REQUIRE_TLS)
                ? OutcomePolicy.requireTlsNotOffered(session.peer(), session.messageCount())
                : null;
    }

    private boolean tellsRequireTls() {
        return requirement != null && requirement != RequireTls.DISABLE && offered.has(EhloCapabilities.REQUIRE_TLS);
    }

    /** The server has taken MAIL of a message that came with REQUIRETLS, and goes on without. */
    void noteWhatIsForgotten(SmtpSession session) {
        if (requirement != null && !tellsRequireTls()) {
            session.notice(request.queueId() + ": sent without REQUIRETLS to "
                    + session.peer().relay() + ", as the policy for " + request.nextHop() + " lets it");
        }
    }

    /** RFC 6531 §3.5: a message may travel without, though the client asked for SMTPUTF8, if its header and envelope are ASCII. */
    private boolean needsUtf8() {
        if (!envelope.smtpUtf8()) {
            return false;
        }
        if (!envelope.sender().isAscii() || request.body().hasEightBitHeader()) {
            return true;
        }
        for (int recipient : request.recipients()) {
            if (!envelope.recipients().get(recipient).address().isAscii()) {
                return true;
            }
        }
        return false;
    }

    void writeMail(ByteBuf out) {
        MessageBody body = request.body();
        out.writeBytes(MAIL);
        ByteBufUtil.writeUtf8(out, text(envelope.sender()));
        out.writeByte('>');
        if (offered.has(EhloCapabilities.SIZE)) {
            out.writeBytes(SIZE);
            writeDecimal(out, body.sizeBytes());
        }
        if (offered.has(EhloCapabilities.EIGHT_BIT_MIME) && (envelope.eightBit() || body.hasEightBit())) {
            out.writeBytes(EIGHT_BIT);
        }
        if (offered.has(EhloCapabilities.SMTP_UTF8) && envelope.smtpUtf8()) {
            out.writeBytes(UTF8);
        }
        if (tellsRequireTls()) {
            out.writeBytes(REQUIRE_TLS);
        }
        if (offered.has(EhloCapabilities.DSN)) {
            if (envelope.dsnReturn() != DsnReturn.UNSPECIFIED) {
                writeParameter(out, " RET=", envelope.dsnReturn().name());
            }
            writeParameter(out, " ENVID=", envelope.envelopeId());
        }
        if (habits.sendsDummyAuth() && offered.has(EhloCapabilities.AUTH)) {
            out.writeBytes(NO_AUTH);
        }
        endLine(out);
    }

    /** @param recipient its place in the request */
    void writeRcpt(ByteBuf out, int recipient) {
        EnvelopeRecipient to = envelope.recipients().get(request.recipients()[recipient]);
        out.writeBytes(RCPT);
        ByteBufUtil.writeUtf8(out, text(to.address()));
        out.writeByte('>');
        if (offered.has(EhloCapabilities.DSN)) {
            writeNotify(out, to.notifyBits());
            writeParameter(out, " ORCPT=", to.originalRecipient());
        }
        endLine(out);
    }

    private static void writeNotify(ByteBuf out, int bits) {
        String separator = " NOTIFY=";
        for (int i = 0; i < NOTIFY_WORDS.length; i++) {
            if ((bits & 1 << i) != 0) {
                writeParameter(out, separator, NOTIFY_WORDS[i]);
                separator = ",";
            }
        }
    }

    private String text(MailAddress address) {
        return habits.quotesAddresses() ? address.external() : address.unquoted();
    }

    /** The transaction only asks for the recipients: nothing is to be delivered. */
    boolean onlyAsk() {
        return envelope.trace().onlyAsks();
    }

    /** It does so, and the replies to RCPT are enough. */
    boolean endAtRcpt() {
        return onlyAsk() && !habits.asksAtData();
    }

    void writeData(ByteBuf out) {
        out.writeBytes(DATA);
    }

    private static void writeParameter(ByteBuf out, String name, @Nullable String value) {
        if (value != null) {
            ByteBufUtil.writeAscii(out, name);
            ByteBufUtil.writeUtf8(out, value);
        }
    }

    private static void writeDecimal(ByteBuf out, long value) {
        long rest = value / 10;
        if (rest > 0) {
            writeDecimal(out, rest);
        }
        out.writeByte('0' + (int) (value % 10));
    }

    private static void endLine(ByteBuf out) {
        out.writeShort('\r' << 8 | '\n');
    }
}
