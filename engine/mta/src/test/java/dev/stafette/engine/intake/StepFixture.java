// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.KeptLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step by itself, applied to a message that is all there. */
final class StepFixture {
    private static final IntakeListener NOBODY = new IntakeListener() {
        @Override
        public void onRoom() {}

        @Override
        public void onEnd(@Nullable SmtpReply refusal) {}
    };

    private StepFixture() {}

    /** What becomes of a message: one char a byte. */
    record Applied(Envelope envelope, String message) {}

    /** What becomes of the message, one char a byte; lines end in CRLF. */
    static String applied(IntakeStep step, IntakeSettings settings, boolean rewritesHeader, String wire) {
        return applied(step, settings, Entrance.SMTP, rewritesHeader, TlsDemand.NONE, wire)
                .message();
    }

    /** The same of one that came in another way, or demands something of TLS. */
    static Applied apply(IntakeStep step, IntakeSettings settings, Entrance entrance, TlsDemand demand, String wire) {
        return applied(step, settings, entrance, false, demand, wire);
    }

    private static Applied applied(
            IntakeStep step,
            IntakeSettings settings,
            Entrance entrance,
            boolean rewritesHeader,
            TlsDemand demand,
            String wire) {
        ByteBuf content = Unpooled.copiedBuffer("skip" + wire, StandardCharsets.ISO_8859_1);
        content.skipBytes(4);
        IntakeLoop loop = new IntakeLoop(
                new EmbeddedChannel().eventLoop(),
                UnpooledByteBufAllocator.DEFAULT,
                new KeptQueue(),
                ZoneOffset.UTC,
                1 << 20);
        Arrival arrival = new Arrival(
                entrance,
                1,
                "1",
                0,
                0,
                Envelope.of(MailAddress.NULL, List.of()).withTls(demand),
                ReceivedHeader.ofUser(0, "mx", "Stafette"),
                true,
                rewritesHeader,
                null,
                "",
                true,
                null);
        HeaderFields header = new HeaderFields();
        header.scan(content);
        Envelope after;
        try (KeptLog log = new KeptLog()) {
            MessageDraft draft =
                    new MessageDraft(new MessageIntake(loop, settings, arrival, NOBODY, log.log()), header);
            if (step instanceof HeaderStep early) {
                assertNull(early.onHeader(draft));
            }
            assertSame(StepOutcome.DONE, step.apply(draft));
            after = draft.envelope();
        }
        ByteBuf out = Unpooled.buffer();
        content.skipBytes(header.write(out));
        return new Applied(
                after, out.toString(StandardCharsets.ISO_8859_1) + content.toString(StandardCharsets.ISO_8859_1));
    }
}
