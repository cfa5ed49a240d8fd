// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * One query to one server: over UDP, and over TCP when the answer does not fit or strangers answer, too.
 * Thread: event loop.
 *
 * <p>A datagram that is no answer to this very query is ignored (RFC 5452 §9.1): the true one may still come.
 */
final class Exchange {
    /** The size that no network has to fragment (DNS flag day 2020). */
    static final int UDP_BYTES_MAX = 1232;

    /** Wrong datagrams before TCP is trusted rather than luck: somebody is guessing. */
    static final int STRAYS_MAX = 16;

    private static final int LENGTH_BYTES = 2;
    private static final int MESSAGE_BYTES_MAX = 65_535;

    private static final OPTRecord EXTENDED = new OPTRecord(UDP_BYTES_MAX, 0, 0);
    private static final OPTRecord AUTHENTICATED = new OPTRecord(UDP_BYTES_MAX, 0, 0, ExtendedFlags.DO);

    /** What is sent besides the question: nothing, the size of datagrams, or the wish for a validated answer. */
    enum Extension {
        NONE,
        SIZE,
        DNSSEC
    }

    /** Told once, and not after {@link Exchange#cancel}. */
    interface Listener {
        /** The answer is to the question and not truncated; its code may be any. */
        void onAnswer(Message answer);

        void onFailure(String reason);
    }

    private final Network network;
    private final InetSocketAddress server;
    private final Name name;
    private final int type;
    private final Extension extension;
    private final long timeoutNs;
    private final Listener listener;
    private final int id;

    // Owned by the loop.
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable Channel channel;
    private int strayCount;
    private boolean ended;

    /** {@code timeoutNs}: from the moment that the query is sent, for all of it. */
    Exchange(
            Network network,
            InetSocketAddress server,
            Name name,
            int type,
            Extension extension,
            long timeoutNs,
            Listener listener) {
        this.network = network;
        this.server = server;
        this.name = name;
        this.type = type;
        this.extension = extension;
        this.timeoutNs = timeoutNs;
        this.listener = listener;
        this.id = network.nextId();
    }

    /** Its 160 classes take a tenth of a second, for which no loop should stand still. */
    static void loadLibrary() {
        Message query = Message.newQuery(Record.newRecord(Name.root, Type.MX, DClass.IN));
        query.addRecord(EXTENDED, Section.ADDITIONAL);
        if (parse(Unpooled.wrappedBuffer(query.toWire())) == null) {
            throw new IllegalStateException("dnsjava does not read what it writes");
        }
    }

    void start() {
        open(network.openDatagrams(server, new Datagrams()));
    }

    /** What the system says, which has no words for some of it, and Netty's for the rest. */
    private static String reason(Throwable cause) {
        boolean isRefused = cause instanceof PortUnreachableException || cause instanceof ConnectException;
        return isRefused ? "connection refused" : Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    }

    private void open(ChannelFuture opening) {
        channel = opening.channel();
        opening.addListener(opened -> {
            if (!opened.isSuccess()) {
                fail(reason(opened.cause()));
            }
        });
    }

    private byte[] query() {
        Message query = new Message(id);
        query.getHeader().setFlag(Flags.RD);
        query.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
        if (extension != Extension.NONE) {
            query.addRecord(extension == Extension.DNSSEC ? AUTHENTICATED : EXTENDED, Section.ADDITIONAL);
        }
        return query.toWire();
    }

    private void askOverTcp() {
        close();
        open(network.openStream(server, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                opened.pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(
                                MESSAGE_BYTES_MAX + LENGTH_BYTES, 0, LENGTH_BYTES, 0, LENGTH_BYTES))
                        .addLast(new Stream());
            }
        }));
    }

    /** Null for what cannot be read. */
    static @Nullable Message parse(ByteBuf bytes) {
        try {
            return new Message(bytes.nioBuffer());
        } catch (IOException garbage) {
            return null;
        }
    }

    /** Whatever it says of the question. */
    private boolean isOurs(Message message) {
        Header header = message.getHeader();
        if (header.getID() != id || !header.getFlag(Flags.QR) || header.getOpcode() != Opcode.QUERY) {
            return false;
        }
        List<Record> questions = message.getSection(Section.QUESTION);
        if (questions.isEmpty()) {
            // A server that does not understand a query need not repeat it.
            return header.getRcode() != Rcode.NOERROR && header.getRcode() != Rcode.NXDOMAIN;
        }
        Record question = questions.get(0);
        return questions.size() == 1
                && question.getType() == type
                && question.getDClass() == DClass.IN
                && question.getName().equals(name);
    }

    private void answer(Message message) {
        if (end()) {
            listener.onAnswer(message);
        }
    }

    private void fail(String reason) {
        if (end()) {
            listener.onFailure(reason);
        }
    }

    void cancel() {
        end();
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        close();
        return true;
    }

    private void close() {
        if (channel != null) {
            channel.close();
        }
    }

    /** The first try. */
    private final class Datagrams extends SimpleChannelInboundHandler<DatagramPacket> {
        private boolean leftForTcp;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(query()));
            if (!ended) {
                timer = network.loop().schedule(() -> fail("time-out"), timeoutNs, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            ByteBuf content = packet.content();
            boolean hasOurId = content.readableBytes() >= 2 && content.getUnsignedShort(content.readerIndex()) == id;
            Message message = hasOurId ? parse(content) : null;
            if (leftForTcp) {
                return;
            }
            if (hasOurId && message == null) {
                fail("garbage");
            } else if (message == null || !isOurs(message)) {
                strayCount++;
                if (strayCount == STRAYS_MAX) {
                    goOnOverTcp();
                }
            } else if (message.getHeader().getFlag(Flags.TC)) {
                goOnOverTcp();
            } else {
                answer(message);
            }
        }

        private void goOnOverTcp() {
            leftForTcp = true;
            if (!ended) {
                askOverTcp();
            }
        }

        /** Above all: nobody listens on that port. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!leftForTcp) {
                fail(reason(cause));
            }
        }
    }

    /** The second. */
    private final class Stream extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            byte[] query = query();
            ctx.writeAndFlush(Unpooled.wrappedBuffer(
                    Unpooled.buffer(LENGTH_BYTES).writeShort(query.length), Unpooled.wrappedBuffer(query)));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf content) {
            Message message = parse(content);
            if (message == null) {
                fail("garbage");
            } else if (!isOurs(message)) {
                fail("answers what was not asked");
            } else if (message.getHeader().getFlag(Flags.TC)) {
                fail("truncated over TCP");
            } else {
                answer(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail("connection closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(reason(cause));
        }
    }
}
