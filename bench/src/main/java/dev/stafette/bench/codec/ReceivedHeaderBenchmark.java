// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.codec;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.message.MailDate;
import dev.stafette.codec.message.ReceivedHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.ZoneId;
import java.util.List;
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
 * What it costs to write the Received field of a message.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReceivedHeaderBenchmark {
    private static final int BYTES_MAX = 1024;
    private static final long START_MS = 1_795_478_400_000L;

    private final ReceivedHeader header = ReceivedHeader.ofClient(
            "load.src.test", "localhost", "127.0.0.1", List.of(), "mx.dest.test", "Stafette", "ESMTP");
    private final MailAddress recipient = MailAddress.of("u12345", "d7.dest.test");
    private final MailDate date = new MailDate(ZoneId.of("UTC"));
    private final ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(BYTES_MAX);
    private int count;

    @TearDown
    public void release() {
        out.release();
    }

    /** Ten thousand messages a second: nearly always the second of the message before. */
    @Benchmark
    public int write() {
        out.clear();
        header.write("4bXy1z2Kq0zB1", recipient, date, START_MS + count++ / 10, out);
        return out.writerIndex();
    }
}
