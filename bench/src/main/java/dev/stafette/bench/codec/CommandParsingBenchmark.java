// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.codec;

import dev.stafette.codec.smtp.SmtpCommandParser;
import dev.stafette.codec.smtp.SmtpCommandSettings;
import dev.stafette.codec.smtp.SmtpLineDecoder;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a server pays for the commands of one message: framing and parsing.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandParsingBenchmark {
    private static final int LINE_BYTES_MAX = 2048;

    private final SmtpLineDecoder decoder = new SmtpLineDecoder(LINE_BYTES_MAX);
    private final SmtpCommandParser parser = new SmtpCommandParser(SmtpCommandSettings.DEFAULTS);
    private final ByteBuf group = buffer(
            "MAIL FROM:<bounce@src.test> SIZE=4096 BODY=8BITMIME\r\n" + "RCPT TO:<u12345@d7.dest.test>\r\nDATA\r\n");
    private final ByteBuf dsn = buffer(
            "MAIL FROM:<bounce@src.test> RET=HDRS ENVID=QQ314159\r\n"
                    + "RCPT TO:<\"odd name\"@[192.0.2.7]> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;odd+20name@dest.test\r\nDATA\r\n");

    private static ByteBuf buffer(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @TearDown
    public void release() {
        group.release();
        dsn.release();
    }

    /** MAIL, RCPT and DATA as most clients send them, in one segment. */
    @Benchmark
    public void mailRcptData(Blackhole hole) {
        parse(group, hole);
    }

    /** The same with the parameters of RFC 3461 and an address that needs quotes. */
    @Benchmark
    public void mailRcptDataWithDsn(Blackhole hole) {
        parse(dsn, hole);
    }

    private void parse(ByteBuf in, Blackhole hole) {
        in.readerIndex(0);
        while (decoder.decode(in) == SmtpLineDecoder.Result.LINE) {
            hole.consume(parser.parse(decoder, false));
        }
    }
}
