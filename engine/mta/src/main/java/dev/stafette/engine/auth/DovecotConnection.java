// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.concurrent.Future;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to Dovecot's auth (its protocol 1.1), with many exchanges at a time.
 * Thread: event loop.
 *
 * <pre>
 * C: VERSION 1 1          S: VERSION 1 2
 * C: CPID 4711            S: MECH PLAIN plaintext      …
 *                         S: SPID 22689
 *                         S: COOKIE 5f1e…
 *                         S: DONE
 * C: AUTH 1 PLAIN service=smtp nologin lip=192.0.2.1 rip=192.0.2.7 secured resp=AGpvZQBzZWNyZXQ=
 *                         S: CONT 1 BASE64  |  OK 1 user=joe  |  FAIL 1 user=joe reason=… temp code=temp_fail
 * C: CONT 1 BASE64
 * C: CANCEL 1             (from 1.2 on)
 * </pre>
 * Words are separated by tabs.
 */
final class DovecotConnection extends ChannelInboundHandlerAdapter {
    /** Ours; a challenge is a line. */
    private static final int LINE_BYTES_MAX = 32 << 10;

    private static final int MAJOR = 1;
    private static final int MINOR_WITH_CANCEL = 2;

    /** Dovecot takes no two connections of the same process id, and a process has several. */
    private static final AtomicInteger CONNECTION_COUNT = new AtomicInteger();

    private final DovecotLoop owner;
    private final List<AuthMechanism> mechanisms = new ArrayList<>();
    private final Map<Integer, DovecotExchange> exchanges = new HashMap<>();

    // Owned by the loop. The channel is there before anything is said.
    private @Nullable Channel opened;
    private @Nullable Future<?> timer;
    private boolean isReady;
    private boolean isEnding;
    private int minor;
    private int lastId;

    DovecotConnection(DovecotLoop owner) {
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        opened = ctx.channel();
        ctx.pipeline().addFirst(new LineBasedFrameDecoder(LINE_BYTES_MAX));
    }

    private Channel channel() {
        Channel known = opened;
        if (known == null) {
            throw new IllegalStateException("not connected");
        }
        return known;
    }

    List<AuthMechanism> mechanisms() {
        return mechanisms;
    }

    void shakeHands(Duration max) {
        timer = channel()
                .eventLoop()
                .schedule(() -> refuse("no handshake in time"), max.toNanos(), TimeUnit.NANOSECONDS);
        write("VERSION\t1\t1\nCPID\t" + clientId() + '\n');
    }

    /** Above all process ids, and different for each connection of this one for a long time. */
    private static int clientId() {
        long process = ProcessHandle.current().pid();
        return 1 << 30 | (int) (process & 0x1f_ffff) << 9 | CONNECTION_COUNT.getAndIncrement() & 0x1ff;
    }

    void write(String lines) {
        Channel channel = channel();
        channel.writeAndFlush(
                ByteBufUtil.encodeString(channel.alloc(), CharBuffer.wrap(lines), StandardCharsets.UTF_8));
    }

    void begin(DovecotExchange exchange) {
        if (exchange.isOver()) {
            return;
        }
        lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
        exchanges.put(lastId, exchange);
        String line = exchange.begin(this, lastId);
        if (channel().isActive()) {
            write(line);
        } else {
            loseAll();
        }
    }

    void cancel(DovecotExchange exchange) {
        if (exchanges.remove(exchange.id()) != null && minor >= MINOR_WITH_CANCEL) {
            write("CANCEL\t" + exchange.id() + '\n');
        }
        closeIfDone();
    }

    void closeWhenDone() {
        isEnding = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (isEnding && exchanges.isEmpty()) {
            channel().close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf line = (ByteBuf) message;
        try {
            onLine(line.toString(StandardCharsets.UTF_8).split("\t", -1));
        } finally {
            line.release();
        }
    }

    private void onLine(String[] words) {
        switch (words[0]) {
            case "VERSION" -> onVersion(words);
            case "MECH" -> onMechanism(words);
            case "SPID" -> onServerId();
            case "DONE" -> onDone();
            case "OK", "CONT", "FAIL" -> onReply(words);
            default -> {
                // A word of a later release, which may be ignored.
            }
        }
    }

    private void onVersion(String[] words) {
        int major = words.length == 3 ? number(words[1]) : -1;
        if (major != MAJOR) {
            refuse(
                    major < 0
                            ? "Protocol version error"
                            : "Protocol version mismatch (" + major + " vs. " + MAJOR + ')');
            return;
        }
        minor = number(words[2]);
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void onMechanism(String[] words) {
        if (words.length < 2 || isReady) {
            return;
        }
        Set<SecurityProperty> properties = EnumSet.noneOf(SecurityProperty.class);
        for (int i = 2; i < words.length; i++) {
            SecurityProperty property = SecurityProperty.of(words[i]);
            if (property != null) {
                properties.add(property);
            }
        }
        // Its protocol has no word for what a login would be bound to.
        if (!properties.contains(SecurityProperty.PRIVATE) && !words[1].endsWith("-PLUS")) {
            mechanisms.add(new AuthMechanism(words[1], properties));
        }
    }

    /** Dovecot's sockets for its own daemons have no mechanisms, and do not end the handshake. */
    private void onServerId() {
        if (mechanisms.isEmpty()) {
            refuse("Connected to wrong auth socket (auth-master instead of auth-client)");
        }
    }

    private void onDone() {
        if (!isReady && !isEnding) {
            isReady = true;
            stopTimer();
            owner.onReady(this);
        }
    }

    private void onReply(String[] words) {
        int id = words.length < 2 ? -1 : number(words[1]);
        boolean isOver = !words[0].equals("CONT");
        DovecotExchange exchange = isOver ? exchanges.remove(id) : exchanges.get(id);
        if (exchange != null) {
            exchange.onReply(reply(words));
        }
        closeIfDone();
    }

    private static AuthReply reply(String[] words) {
        if (words[0].equals("CONT")) {
            return words.length > 2
                    ? new AuthReply.Challenge(words[2])
                    : new AuthReply.Rejected("Authentication backend error", "", false);
        }
        String user = "";
        String reason = "";
        boolean isTemporary = false;
        for (int i = 2; i < words.length; i++) {
            String word = words[i];
            if (word.startsWith("user=")) {
                user = printable(word.substring("user=".length()));
            } else if (word.startsWith("reason=")) {
                reason = printable(word.substring("reason=".length()));
            }
            isTemporary |= word.equals("temp") || word.equals("code=temp_fail");
        }
        if (words[0].equals("FAIL")) {
            return new AuthReply.Rejected(reason, user, isTemporary);
        }
        return user.isEmpty()
                ? new AuthReply.Rejected("Authentication backend error", "", false)
                : new AuthReply.Accepted(user);
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (out.charAt(i) < ' ' || out.charAt(i) == 0x7f) {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    private void refuse(String why) {
        if (!isReady && !isEnding) {
            isEnding = true;
            stopTimer();
            owner.onNoHandshake(why);
        }
        channel().close();
    }

    private void stopTimer() {
        Future<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void loseAll() {
        List<DovecotExchange> all = List.copyOf(exchanges.values());
        exchanges.clear();
        all.forEach(DovecotExchange::onLost);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        refuse("the connection was closed in the handshake");
        owner.forget(this);
        loseAll();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(String.valueOf(cause.getMessage()));
    }
}
