// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.proxy;

import dev.stafette.codec.dsn.XText;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.socket.Dialer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One message's session with a filter. Each answer is null when the filter is content, or what the client is to hear; where the
 * filter is not there, or says what makes no sense, that is Postfix's reply for it. It comes later than the call.
 * Thread: event loop.
 */
public final class ProxySession {
    private static final SmtpReply BROKEN =
            SmtpReply.of(451, EnhancedStatus.of(4, 3, 0), "Error: queue file write error");
    private static final String VERB = "XFORWARD";
    private static final String UNKNOWN = "[UNAVAILABLE]";
    /** RFC 5321 §4.5.3.1.4. */
    private static final int LINE_LENGTH_MAX = 512;

    private static final int OK = 2;
    private static final int MORE = 3;

    private final ProxySettings settings;
    private final EventLoop loop;
    private final Consumer<String> warnings;

    // Owned by the loop.
    private @Nullable ProxyLink link;
    private @Nullable Consumer<@Nullable SmtpReply> waiting;
    private boolean isClosed;

    public ProxySession(ProxySettings settings, EventLoop loop, Consumer<String> warnings) {
        this.settings = settings;
        this.loop = loop;
        this.warnings = warnings;
    }

    /** {@code mail}: the MAIL command. */
    public void open(MessageOrigin origin, String mail, Consumer<@Nullable SmtpReply> then) {
        waiting = then;
        new Dialer(settings.endpoint(), loop, settings.workers())
                .dial(
                        settings.timeout(),
                        () -> new ProxyLink(settings.timeout(), this::onFailure),
                        connected -> greet(connected, origin, mail),
                        why -> {
                            warnings.accept("connect to proxy filter " + settings.name() + ": " + why);
                            answer(BROKEN);
                        });
    }

    private void greet(ProxyLink connected, MessageOrigin origin, String mail) {
        link = connected;
        if (isClosed) {
            connected.quit();
            answer(BROKEN);
            return;
        }
        connected.await(greeting -> {
            if (isAsExpected("connection request", greeting, OK)) {
                ask("EHLO " + settings.helo(), OK, hello -> forward(hello, origin, mail));
            } else {
                answer(BROKEN);
            }
        });
    }

    /** Whom the message comes from, if the filter wants to know. */
    private void forward(SmtpReply hello, MessageOrigin origin, String mail) {
        Set<String> wanted = hello.lines().stream()
                .map(line -> line.trim().toUpperCase(Locale.ROOT).split("\\s+"))
                .filter(words -> words[0].equals(VERB))
                .flatMap(Arrays::stream)
                .collect(Collectors.toSet());
        StringBuilder line = new StringBuilder();
        StringBuilder rest = new StringBuilder();
        for (List<String> attribute : attributes(origin)) {
            if (wanted.contains(attribute.get(0))) {
                String text = ' ' + attribute.get(0) + '=' + attribute.get(1);
                boolean fits = rest.isEmpty() && VERB.length() + line.length() + text.length() < LINE_LENGTH_MAX;
                (fits ? line : rest).append(text);
            }
        }
        Runnable sendMail = () -> command(mail, OK);
        Runnable sendRest = rest.isEmpty() ? sendMail : () -> ask(VERB + rest, OK, good -> sendMail.run());
        if (line.isEmpty()) {
            sendRest.run();
        } else {
            ask(VERB + line, OK, good -> sendRest.run());
        }
    }

    private static List<List<String>> attributes(MessageOrigin origin) {
        return List.of(
                List.of("NAME", encoded(origin.name())),
                List.of("ADDR", encoded(origin.address())),
                List.of("PORT", encoded(origin.port())),
                List.of("HELO", encoded(origin.helo())),
                List.of("IDENT", encoded(origin.queueId())),
                List.of("PROTO", encoded(origin.protocol())),
                List.of("SOURCE", origin.isLocal() ? "LOCAL" : "REMOTE"));
    }

    private static String encoded(@Nullable String value) {
        return value == null ? UNKNOWN : XText.encode(value);
    }

    /** What the client has said; {@code command}: RCPT. */
    public void recipient(String command, Consumer<@Nullable SmtpReply> then) {
        waiting = then;
        command(command, OK);
    }

    public void data(Consumer<@Nullable SmtpReply> then) {
        waiting = then;
        command("DATA", MORE);
    }

    /** A part of the content, in the stored wire form; taken. {@code sent}: when there may be more, unless it has failed. */
    void send(ByteBuf content, Runnable sent) {
        ProxyLink to = link;
        if (to == null) {
            content.release();
            answer(BROKEN);
            return;
        }
        ChannelFuture future = to.send(content);
        future.addListener(done -> {
            if (done.isSuccess()) {
                sent.run();
            }
        });
    }

    ByteBuf newBuffer() {
        return link == null ? PooledByteBufAllocator.DEFAULT.directBuffer() : link.newBuffer();
    }

    /** Whoever hears of a failure while content is sent. */
    void beginContent(Consumer<SmtpReply> then) {
        waiting = reply -> then.accept(reply == null ? BROKEN : reply);
    }

    /** The content has been sent with its end: what the filter says is the answer, whatever it is. */
    void end() {
        ProxyLink to = link;
        if (to == null) {
            answer(BROKEN);
        } else {
            to.await(this::answer);
        }
    }

    private void command(String text, int expected) {
        ProxyLink to = link;
        if (to == null) {
            answer(BROKEN);
            return;
        }
        to.say(text);
        to.await(reply -> {
            boolean isGood = isAsExpected(text, reply, expected);
            answer(isGood ? null : reply.isPositive() ? BROKEN : reply);
        });
    }

    /** As {@link #command}, of what the filter must take. */
    private void ask(String text, int expected, Consumer<SmtpReply> good) {
        ProxyLink to = link;
        if (to == null) {
            answer(BROKEN);
            return;
        }
        to.say(text);
        to.await(reply -> {
            if (isAsExpected(text, reply, expected)) {
                good.accept(reply);
            } else {
                answer(BROKEN);
            }
        });
    }

    private boolean isAsExpected(String said, SmtpReply reply, int expected) {
        boolean isExpected = reply.code() / 100 == expected;
        if (!isExpected) {
            warnings.accept("proxy " + settings.name() + " rejected \"" + said + "\": \"" + reply.logText() + '"');
        }
        return isExpected;
    }

    private void onFailure(String what) {
        link = null;
        if (waiting != null) {
            warnings.accept(what + settings.name());
        }
        answer(BROKEN);
    }

    private void answer(@Nullable SmtpReply reply) {
        Consumer<@Nullable SmtpReply> then = waiting;
        waiting = null;
        if (then != null) {
            then.accept(reply);
        }
    }

    /** The message is over. Who waits hears that it failed. */
    public void close() {
        isClosed = true;
        ProxyLink to = link;
        link = null;
        if (to != null) {
            to.quit();
        }
        answer(BROKEN);
    }
}
