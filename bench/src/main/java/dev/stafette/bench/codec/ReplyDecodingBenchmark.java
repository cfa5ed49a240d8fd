// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.codec;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a client pays for the replies of one message.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReplyDecodingBenchmark {
    private static final int LINE_BYTES_MAX = 2048;

    private final SmtpReplyDecoder decoder = new SmtpReplyDecoder(LINE_BYTES_MAX);
    private final ByteBuf message = buffer(
            "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok: queued as 4bXy1z2Kq0zB1\r\n");
    private final ByteBuf greeting =
            buffer("250-mx.dest.test\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-8BITMIME\r\n"
                    + "250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n250-CHUNKING\r\n250 SMTPUTF8\r\n");

    private static ByteBuf buffer(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @TearDown
    public void release() {
        message.release();
        greeting.release();
    }

    /** The four replies of a message; only the last one's text is read, for the log. */
    @Benchmark
    public String repliesOfAMessage() {
        decode(message);
        return decoder.text();
    }

    /** The capabilities, once a connection. */
    @Benchmark
    public int capabilities() {
        return decode(greeting);
    }

    private int decode(ByteBuf in) {
        in.readerIndex(0);
        int sum = 0;
        while (in.isReadable() && decoder.decode(in)) {
            sum += decoder.code();
        }
        return sum;
    }
}
