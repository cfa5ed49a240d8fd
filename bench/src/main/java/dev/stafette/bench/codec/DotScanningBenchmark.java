// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.codec;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.DataDecoder;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to find the end of a message and to bring it into its stored form.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class DotScanningBenchmark {
    private static final String HEADER = "Received: from a.test (a.test [192.0.2.1])\r\n\tby b.test with ESMTP id 1\r\n"
            + "From: <a@src.test>\r\nTo: <b@dest.test>\r\nSubject: benchmark\r\nMessage-ID: <1@src.test>\r\n"
            + "Date: Tue, 24 Nov 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n";

    /** Bytes of the message, about. */
    @Param({"4096", "102400"})
    public int size;

    /** CLEAN: lines of 76; STUFFED: every tenth begins with a dot; BARE_LF: every tenth ends with LF alone. */
    @Param({"CLEAN", "STUFFED", "BARE_LF"})
    public Lines lines;

    /** What the lines of the text are like. */
    public enum Lines {
        CLEAN,
        STUFFED,
        BARE_LF
    }

    private final DataDecoder decoder = new DataDecoder(BareNewline.NORMALIZE);
    private final HeaderFields header = new HeaderFields();
    private ByteBuf in;
    private ByteBuf out;

    @Setup
    public void fill() {
        StringBuilder text = new StringBuilder(HEADER);
        String line = "abcdefghijklmnopqrstuvwxyz".repeat(3).substring(2);
        for (int i = 0; text.length() < size; i++) {
            boolean isSpecial = i % 10 == 0;
            text.append(isSpecial && lines == Lines.STUFFED ? ".." : "").append(line);
            text.append(isSpecial && lines == Lines.BARE_LF ? "\n" : "\r\n");
        }
        byte[] wire = text.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        in = PooledByteBufAllocator.DEFAULT.directBuffer(wire.length).writeBytes(wire);
        out = PooledByteBufAllocator.DEFAULT.directBuffer(2 * wire.length);
    }

    @TearDown
    public void release() {
        in.release();
        out.release();
    }

    /** From the network's buffer into the one that is stored. */
    @Benchmark
    public boolean decode() {
        in.readerIndex(0);
        out.clear();
        decoder.reset();
        return decoder.decode(in, out);
    }

    /** The header looked through for what is missing and for loops. */
    @Benchmark
    public HeaderFields.End scanHeader() {
        in.readerIndex(0);
        return header.scan(in);
    }
}
