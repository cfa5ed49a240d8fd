// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A name server on loopback. A name it was not told of does not exist. */
public final class FakeDns implements AutoCloseable {
    private record Entry(String owner, DnsRecordType type, byte[] content, long ttl) {}

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;
    private final Map<String, List<Entry>> zone = new ConcurrentHashMap<>();
    private final Map<String, DnsResponseCode> failing = new ConcurrentHashMap<>();
    private final Map<String, Boolean> silent = new ConcurrentHashMap<>();

    /** Every question that came, as {@code name TYPE}. */
    public final List<String> questions = new CopyOnWriteArrayList<>();

    public FakeDns() {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new DatagramDnsQueryDecoder())
                                .addLast(new DatagramDnsResponseEncoder())
                                .addLast(new Answers());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    public FakeDns mx(String owner, int preference, String exchange) {
        return mx(owner, preference, exchange, 300);
    }

    public FakeDns mx(String owner, int preference, String exchange, long ttl) {
        ByteBuf content = Unpooled.buffer();
        content.writeShort(preference);
        writeName(content, exchange);
        return add(owner, DnsRecordType.MX, content, ttl);
    }

    public FakeDns address(String owner, String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return add(owner, bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA, Unpooled.wrappedBuffer(bytes), 300);
    }

    public FakeDns alias(String owner, String target) {
        ByteBuf content = Unpooled.buffer();
        writeName(content, target);
        return add(owner, DnsRecordType.CNAME, content, 300);
    }

    /** The name exists and has nothing. */
    public FakeDns empty(String owner) {
        zone.computeIfAbsent(owner, key -> new CopyOnWriteArrayList<>());
        return this;
    }

    public FakeDns fail(String owner, DnsResponseCode code) {
        failing.put(owner, code);
        return this;
    }

    public FakeDns ignore(String owner) {
        silent.put(owner, true);
        return this;
    }

    private FakeDns add(String owner, DnsRecordType type, ByteBuf content, long ttl) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        content.release();
        zone.computeIfAbsent(owner, key -> new CopyOnWriteArrayList<>()).add(new Entry(owner, type, bytes, ttl));
        return this;
    }

    private static void writeName(ByteBuf out, String name) {
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.")) {
            out.writeByte(label.length());
            out.writeCharSequence(label, StandardCharsets.US_ASCII);
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Answers extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            String name = DnsResponseReader.canonical(question.name());
            questions.add(name + " " + question.type().name());
            if (silent.containsKey(name)) {
                return;
            }
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, question);
            answer(response, name, question.type());
            ctx.writeAndFlush(response);
        }

        private void answer(DatagramDnsResponse response, String name, DnsRecordType type) {
            DnsResponseCode code = failing.get(name);
            if (code == null && !zone.containsKey(name)) {
                code = DnsResponseCode.NXDOMAIN;
            }
            if (code != null) {
                response.setCode(code);
                return;
            }
            Map<String, Boolean> seen = new HashMap<>();
            String at = name;
            while (at != null && seen.put(at, true) == null) {
                String next = null;
                for (Entry entry : zone.getOrDefault(at, List.of())) {
                    boolean alias = entry.type.equals(DnsRecordType.CNAME);
                    if (alias || entry.type.equals(type)) {
                        response.addRecord(
                                DnsSection.ANSWER,
                                new DefaultDnsRawRecord(
                                        entry.owner + ".",
                                        entry.type,
                                        entry.ttl,
                                        Unpooled.wrappedBuffer(entry.content)));
                    }
                    if (alias) {
                        next = target(entry.content);
                    }
                }
                at = next;
            }
        }

        private String target(byte[] content) {
            List<String> labels = new ArrayList<>();
            for (int i = 0; content[i] != 0; i += content[i] + 1) {
                labels.add(new String(content, i + 1, content[i], StandardCharsets.US_ASCII));
            }
            return String.join(".", labels);
        }
    }
}
