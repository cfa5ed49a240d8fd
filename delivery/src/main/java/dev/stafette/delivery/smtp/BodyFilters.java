// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.message.SevenBitEncoder;
import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Chooses what a message's content needs before a server may see it. Thread: any (pure). */
final class BodyFilters {
    private BodyFilters() {}

    /** Returns null where the content goes as it is stored. */
    static @Nullable BodyFilter choose(MessageBody body, EhloCapabilities offered, SmtpClientSettings settings) {
        boolean sevenBit =
                body.hasEightBit() && !offered.has(EhloCapabilities.EIGHT_BIT_MIME) && settings.mimeConversion();
        return sevenBit ? new SevenBitFilter() : null;
    }

    /** 8-bit content as quoted-printable. */
    private static final class SevenBitFilter implements BodyFilter {
        private final SevenBitEncoder encoder = new SevenBitEncoder();

        @Override
        public void filter(ByteBuf in, ByteBuf out) {
            encoder.encode(in, out);
        }

        @Override
        public void finish(ByteBuf out) {
            encoder.finish(out);
        }
    }
}
