// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeFormatTest {
    private static Envelope random(Random random) {
        List<EnvelopeRecipient> recipients = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            String original = random.nextBoolean() ? null : "rfc822;" + text(random);
            String given = random.nextInt(3) == 0 ? text(random) + "@a.test" : null;
            recipients.add(new EnvelopeRecipient(address(random), random.nextInt(16), original, given));
        }
        Envelope envelope = new Envelope(
                address(random),
                random.nextBoolean(),
                random.nextBoolean(),
                DsnReturn.values()[random.nextInt(DsnReturn.values().length)],
                random.nextBoolean() ? null : text(random),
                TraceMode.values()[random.nextInt(TraceMode.values().length)],
                random.nextBoolean() ? null : new Verp('+', '='),
                recipients,
                random.nextBoolean() ? null : text(random),
                random.nextBoolean() ? null : origin(random));
        return envelope.withTls(TlsDemand.values()[random.nextInt(3)]);
    }

    private static MessageOrigin origin(Random random) {
        return new MessageOrigin(
                maybe(random),
                maybe(random),
                maybe(random),
                maybe(random),
                maybe(random),
                maybe(random),
                random.nextBoolean() ? null : new OriginLogin(text(random), text(random), ""),
                random.nextBoolean());
    }

    private static @Nullable String maybe(Random random) {
        return random.nextBoolean() ? null : text(random);
    }

    private static MailAddress address(Random random) {
        return random.nextInt(4) == 0 ? MailAddress.NULL : MailAddress.of(text(random), text(random) + ".test");
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(random.nextInt(5) == 0 ? 0x1f4e7 + random.nextInt(9) : 'a' + random.nextInt(26));
        }
        return text.toString();
    }

    private static ByteBuf encoded(Envelope envelope) {
        ByteBuf out = Unpooled.buffer();
        EnvelopeFormat.encode(envelope, out);
        return out;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsWhatItWrote(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Envelope envelope = random(random);
            ByteBuf bytes = encoded(envelope);
            assertEquals(envelope, EnvelopeFormat.decode(bytes), "seed " + seed);
            assertEquals(0, bytes.readableBytes(), "seed " + seed);
        }
    }

    @Test
    void saysOfEveryPieceThatItIsCutShort() {
        Envelope envelope = random(new Random(5));
        int whole = encoded(envelope).readableBytes();
        for (int length = 0; length < whole; length++) {
            ByteBuf piece = encoded(envelope).slice(0, length);
            assertThrows(StorageException.class, () -> EnvelopeFormat.decode(piece), "of " + length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void answersDamageWithAnEnvelopeOrAStorageException(long seed) {
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            ByteBuf bytes = encoded(random(random));
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                bytes.setByte(random.nextInt(bytes.writerIndex()), random.nextInt(256));
            }
            try {
                EnvelopeFormat.decode(bytes);
            } catch (StorageException e) {
                refused++;
            }
        }
        assertTrue(refused > 0, "seed " + seed);
    }

    @Test
    void namesTheVersionThatItDoesNotKnow() {
        ByteBuf bytes = encoded(random(new Random(6))).setByte(0, 6);
        StorageException refused = assertThrows(StorageException.class, () -> EnvelopeFormat.decode(bytes));
        assertEquals("envelope version: 6 (expected: 1 to 5)", refused.getMessage());
    }

    private static Envelope plain(@Nullable String filter, @Nullable MessageOrigin origin) {
        return new Envelope(
                MailAddress.of("u", "a.test"),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                null,
                List.of(new EnvelopeRecipient(MailAddress.of("v", "b.test"))),
                filter,
                origin);
    }

    @Test
    void writesForOlderReleasesWhatTheyUnderstand() {
        assertEquals(
                "01" + "00" + "00" + "0100" + "75" + "0600" + "612e74657374" + "ffff" + "01000000" + "0100" + "76"
                        + "0600" + "622e74657374" + "00" + "ffff",
                ByteBufUtil.hexDump(encoded(plain(null, null))));
    }

    @Test
    void writesFilterAndOriginInVersionThree() {
        MessageOrigin origin = new MessageOrigin("h.test", "192.0.2.1", "4025", "ESMTP", null, "ID1", true);
        assertEquals(
                "03" + "c0" + "00" + "0100" + "75" + "0600" + "612e74657374" + "ffff" + "0300" + "663a78" + "01"
                        + "0600" + "682e74657374" + "0900" + "3139322e302e322e31" + "0400" + "34303235" + "0500"
                        + "45534d5450" + "ffff" + "0300" + "494431" + "01000000" + "0100" + "76" + "0600"
                        + "622e74657374" + "00" + "ffff",
                ByteBufUtil.hexDump(encoded(plain("f:x", origin))));
    }

    @Test
    void writesLoginsInVersionFour() {
        MessageOrigin origin =
                new MessageOrigin("h.test", null, null, null, null, null, new OriginLogin("PLAIN", "me", "a@b"), false);
        assertEquals(
                "04" + "80" + "00" + "0100" + "75" + "0600" + "612e74657374" + "ffff" + "02" + "0600" + "682e74657374"
                        + "ffff".repeat(5) + "0500" + "504c41494e" + "0200" + "6d65" + "0300" + "614062" + "01000000"
                        + "0100" + "76" + "0600" + "622e74657374" + "00" + "ffff",
                ByteBufUtil.hexDump(encoded(plain(null, origin))));
    }

    @Test
    void writesDemandsOfTlsInVersionFive() {
        assertEquals(
                "05" + "00" + "00" + "01" + "0100" + "75" + "0600" + "612e74657374" + "ffff" + "01000000" + "0100"
                        + "76" + "0600" + "622e74657374" + "00" + "ffff",
                ByteBufUtil.hexDump(encoded(plain(null, null).withTls(TlsDemand.REQUIRED))));
    }

    @Test
    void forgetsNoDemandOfTlsThatItDoesNotKnow() {
        ByteBuf bytes = encoded(plain(null, null).withTls(TlsDemand.WAIVED)).setByte(3, 3);
        StorageException refused = assertThrows(StorageException.class, () -> EnvelopeFormat.decode(bytes));
        assertEquals("envelope's demand of TLS: 3 (expected: 0..2)", refused.getMessage());
    }
}
