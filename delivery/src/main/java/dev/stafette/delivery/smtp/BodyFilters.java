// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.message.LongLineEncoder;
import dev.stafette.codec.message.SevenBitEncoder;
import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Chooses the conversion that content needs for a server. Thread: any (pure). */
final class BodyFilters {
    /** Only read, and sent as it is stored. */
    static final BodyFilter AS_IT_IS = new BodyFilter() {
        @Override
        public void filter(ByteBuf in, ByteBuf out) {
            out.writeBytes(in);
        }

        @Override
        public void finish(ByteBuf out) {
            // It holds nothing back.
        }
    };

    private BodyFilters() {}

    /** Returns null where the content is sent as it is stored. */
    static @Nullable BodyFilter choose(MessageBody body, EhloCapabilities offered, SmtpClientSettings settings) {
        boolean sevenBit =
                body.hasEightBit() && !offered.has(EhloCapabilities.EIGHT_BIT_MIME) && settings.mimeConversion();
        int lineBytesMax = settings.lineBytesMax();
        // What the flag says is about the usual limit; below that every message has to be looked at.
        boolean split = lineBytesMax > 0 && (body.hasLongLines() || lineBytesMax < SmtpClientSettings.LINE_BYTES_MAX);
        if (!split) {
            return sevenBit ? new SevenBitFilter() : null;
        }
        LineFilter lines = new LineFilter(lineBytesMax);
        return sevenBit ? new Chain(new SevenBitFilter(), lines) : lines;
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

    /** Long lines split. */
    private static final class LineFilter implements BodyFilter {
        private final LongLineEncoder encoder;

        LineFilter(int lineBytesMax) {
            encoder = new LongLineEncoder(Math.max(lineBytesMax, LongLineEncoder.LINE_BYTES_MIN));
        }

        @Override
        public void filter(ByteBuf in, ByteBuf out) {
            encoder.encode(in, out);
        }

        @Override
        public void finish(ByteBuf out) {
            // It holds nothing back.
        }
    }

    private record Chain(BodyFilter first, BodyFilter second) implements BodyFilter {
        @Override
        public void filter(ByteBuf in, ByteBuf out) {
            pass(out, between -> first.filter(in, between));
        }

        @Override
        public void finish(ByteBuf out) {
            pass(out, first::finish);
            second.finish(out);
        }

        private void pass(ByteBuf out, Consumer<ByteBuf> source) {
            ByteBuf between = out.alloc().buffer();
            try {
                source.accept(between);
                second.filter(between, out);
            } finally {
                between.release();
            }
        }
    }
}
