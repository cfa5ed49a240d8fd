// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.delivery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
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
import org.openjdk.jmh.infra.Blackhole;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * What it costs to read the answer of a name server, by the two libraries that decision 8 weighs.
 * Thread: JMH's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public class DnsAnswerBenchmark {
    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);

    /** MX: five exchanges with both their addresses beside; TXT: a DKIM key of 2048 bits; TLSA: two of them. */
    @Param({"MX", "TXT", "TLSA"})
    public Answer answer;

    /** What the answer holds. */
    public enum Answer {
        MX,
        TXT,
        TLSA
    }

    /** Netty's decoder without a channel around it. */
    private static final class Decoder extends DatagramDnsResponseDecoder {
        @SuppressWarnings("NullAway") // It does not look at the context.
        DnsResponse decode(DatagramPacket packet) throws Exception {
            return decodeResponse(null, packet);
        }

        @Override
        protected DnsResponse decodeResponse(ChannelHandlerContext ctx, DatagramPacket packet) throws Exception {
            return super.decodeResponse(ctx, packet);
        }
    }

    private final Decoder decoder = new Decoder();
    private ByteBuf wire;

    @Setup
    public void write() throws IOException {
        byte[] bytes = message().toWire();
        wire = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }

    private Message message() throws IOException {
        Name name = Name.fromString(answer == Answer.MX ? "example.test." : "_25._tcp.mx1.example.test.");
        int type = Type.value(answer.name());
        Message message = Message.newQuery(org.xbill.DNS.Record.newRecord(name, type, DClass.IN));
        message.getHeader().setFlag(Flags.QR);
        switch (answer) {
            case MX -> {
                for (int i = 1; i <= 5; i++) {
                    Name host = Name.fromString("mx" + i + ".mail.example.test.");
                    message.addRecord(new MXRecord(name, DClass.IN, 300, 10 * i, host), Section.ANSWER);
                    add(message, host, "A", "192.0.2." + i);
                    add(message, host, "AAAA", "2001:db8::" + i);
                }
            }
            case TXT ->
                message.addRecord(
                        new TXTRecord(name, DClass.IN, 300, List.of("v=DKIM1; p=" + "M".repeat(243), "M".repeat(149))),
                        Section.ANSWER);
            case TLSA -> {
                message.addRecord(new TLSARecord(name, DClass.IN, 300, 3, 1, 1, new byte[32]), Section.ANSWER);
                message.addRecord(new TLSARecord(name, DClass.IN, 300, 2, 1, 1, new byte[32]), Section.ANSWER);
            }
        }
        message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return message;
    }

    private static void add(Message message, Name host, String type, String address) throws IOException {
        message.addRecord(
                org.xbill.DNS.Record.fromString(host, Type.value(type), DClass.IN, 300, address, Name.root),
                Section.ADDITIONAL);
    }

    @TearDown
    public void release() {
        wire.release();
    }

    @Benchmark
    public void dnsjava(Blackhole hole) throws IOException {
        byte[] bytes = new byte[wire.readableBytes()];
        wire.getBytes(wire.readerIndex(), bytes);
        Message message = new Message(bytes);
        hole.consume(message.getQuestion());
        for (org.xbill.DNS.Record record : message.getSection(Section.ANSWER)) {
            if (record instanceof MXRecord mx) {
                hole.consume(mx.getPriority());
                hole.consume(mx.getTarget().toString(true).toLowerCase(Locale.ROOT));
            } else if (record instanceof TXTRecord txt) {
                for (byte[] string : txt.getStringsAsByteArrays()) {
                    hole.consume(new String(string, StandardCharsets.ISO_8859_1));
                }
            } else if (record instanceof TLSARecord tlsa) {
                hole.consume(tlsa.getCertificateAssociationData());
            }
        }
    }

    @Benchmark
    public void netty(Blackhole hole) throws Exception {
        wire.readerIndex(0);
        // The decoder borrows the packet, and its records take their own share of it.
        DnsResponse response = decoder.decode(new DatagramPacket(wire.duplicate(), SERVER, SERVER));
        hole.consume((Object) response.recordAt(DnsSection.QUESTION));
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            ByteBuf content = ((ByteBufHolder) record).content().duplicate();
            hole.consume(record.name());
            if (record.type().equals(DnsRecordType.MX)) {
                hole.consume(content.readUnsignedShort());
                hole.consume(DefaultDnsRecordDecoder.decodeName(content).toLowerCase(Locale.ROOT));
            } else if (record.type().equals(DnsRecordType.TXT)) {
                while (content.isReadable()) {
                    hole.consume(content.readCharSequence(content.readUnsignedByte(), StandardCharsets.ISO_8859_1));
                }
            } else {
                content.skipBytes(3);
                byte[] data = new byte[content.readableBytes()];
                content.readBytes(data);
                hole.consume(data);
            }
        }
        response.release();
    }
}
