// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.Trust;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server: owns the channel, gives replies to the step that waits for them, enforces timeouts.
 * Thread: event loop.
 *
 * <pre>
 *   connect → HelloStep → TransactionStep → idle → TransactionStep → … → QuitStep → closed
 *                              └→ ResetStep ↗        a failed one leaves something to reset
 * </pre>
 * With PIPELINING the envelope of the next message goes behind the content of the last (RFC 2920 §3.1), and its
 * transaction begins when that is answered: one round trip a message. If the session ends before, nothing has happened to
 * it.
 *
 * Replies are taken in the order of the commands, whatever they are, as Postfix takes them. One that has no place there,
 * or that nobody waits for, shows that the two ends may be out of step: the session is not used again, for its next
 * replies could be taken for another message's.
 */
final class SmtpSession {
    /** Postfix reads lines of 2,048; RFC 5321 §4.5.3.1.5 has 512. */
    private static final int REPLY_LINE_BYTES_MAX = 2048;

    private final ClientLoop loop;
    private final Peer peer;
    private final Channel channel;
    private final IdleStep idle;
    private final SmtpReplyDecoder decoder;
    private final SessionHistory history;

    // Owned by the loop.
    private final SessionTerms terms;
    private @Nullable TlsSession established;
    /** Of what was read, the rest came before TLS and does not count. */
    private boolean dropsRest;

    private EhloCapabilities offered = EhloCapabilities.NONE;
    private ServerTraits traits = ServerTraits.NONE;
    private PixWorkarounds workarounds = PixWorkarounds.NONE;
    private SessionStep step;
    /** Of the attempt that was carried last. */
    private AttemptTls carried;
    /** Its envelope is on its way behind the current message. */
    private @Nullable TransactionStep next;

    private long deadlineNs;
    private long progress;
    /** 0 until connected; until then the connect timeout applies. */
    private long openedNs;

    private int messageCount;
    private boolean unflushed;
    /** Replies of one read are looked at: what they make us send leaves after the last of them. */
    private boolean reading;

    /** The server has sent an unexpected reply, or announced that it closes. */
    private boolean distrusted;

    private boolean closed;

    // For the loop's list of sessions and the index of idle ones.
    int slot;
    String nextHop = "";
    String site = "";
    /** Others may open no connection to the site while this one is idle. */
    boolean isLimited;
    /** Of a connection that is being made for the attempt. */
    SmtpSession(ClientLoop loop, Peer peer, Channel channel, Attempt attempt) {
        this.loop = loop;
        this.peer = peer;
        this.channel = channel;
        this.history = new SessionHistory(settings().habits(), peer.relay(), attempt);
        this.decoder = new SmtpReplyDecoder(REPLY_LINE_BYTES_MAX, history.filter());
        this.terms = SessionTerms.of(attempt.tls(), peer.address());
        this.carried = attempt.tls();
        this.step = loop.tls().isWrapped()
                ? new TlsStep(this, attempt, terms.policy(), loop.tls())
                : new HelloStep(this, attempt);
        this.idle = new IdleStep(this);
    }

    Peer peer() {
        return peer;
    }

    Channel channel() {
        return channel;
    }

    SmtpClientSettings settings() {
        return loop.settings();
    }

    ClientLoop loop() {
        return loop;
    }

    EhloCapabilities offered() {
        return offered;
    }

    void setOffered(EhloCapabilities capabilities) {
        // RFC 8689 §2: it means nothing in the clear.
        int untold = isSecure() ? 0 : EhloCapabilities.REQUIRE_TLS;
        offered = capabilities.without(traits.hidden() | untold);
        if (!traits.hiddenText().isEmpty()) {
            notice("discarding EHLO keywords: " + traits.hiddenText());
        }
    }

    /** What the server at the other end is known for. */
    void setTraits(ServerTraits known) {
        traits = known;
    }

    /** It stands behind a firewall of that kind. Returns whether it is not to be asked for extensions. */
    boolean workAround(DeliveryRequest first, PixWorkarounds known) {
        long ageMs = System.currentTimeMillis() - first.arrivalMs();
        workarounds = known.atAge(ageMs, settings().habits().pixAge());
        if (!known.isEmpty()) {
            String text = "enabling PIX workarounds: " + workarounds.text() + " for " + peer.relay();
            loop.log().onNotice(first.queueId(), text);
        }
        return workarounds.has(PixWorkarounds.Kind.DISABLE_ESMTP);
    }

    PixWorkarounds workarounds() {
        return workarounds;
    }

    /** Messages begun on this connection, the current one included. */
    int messageCount() {
        return messageCount;
    }

    /** With logins one serves a single next hop: for another it may have logged in as somebody else. */
    boolean mayServe(String otherNextHop) {
        return settings().logins() == null || nextHop.equals(otherNextHop);
    }

    // TLS. -----------------------------------------------------------------------------------------------------------

    ClientTls tls() {
        return loop.tls();
    }

    /** By which the connection was made. */
    SessionTerms terms() {
        return terms;
    }

    boolean isSecure() {
        return established != null;
    }

    boolean isVerified() {
        return established != null && established.trust() == Trust.VERIFIED;
    }

    void setTls(TlsSession session) {
        established = session;
    }

    /** With the next bytes that come; what was said before is forgotten (RFC 3207 §4.2). */
    void startTls(SslHandler handler) {
        offered = EhloCapabilities.NONE;
        dropsRest = reading;
        channel.pipeline().addFirst(handler);
    }

    void noteOffer(boolean isOffered) {
        if (isOffered && loop.tls().notesOffers()) {
            notice("Host offered STARTTLS: [" + peer.host() + ']');
        }
    }

    long nowNs() {
        return loop.nowNs();
    }

    /** A handshake that began at that time has succeeded. */
    void noteHandshake(TlsSession established, long beganNs) {
        loop.log().onHandshake(established.isResumed(), loop.nowNs() - beganNs);
    }

    void notice(String text) {
        loop.log().onNotice(null, text);
    }

    boolean isClosed() {
        return closed;
    }

    // Steps. ---------------------------------------------------------------------------------------------------------

    void onConnected() {
        openedNs = loop.nowNs();
        await(step.stage());
        if (step instanceof TlsStep tls) {
            tls.begin();
        }
    }

    void enter(SessionStep next) {
        step = next;
        await(next.stage());
    }

    /** Restarts the timeout of the stage. */
    void await(SessionStage stage) {
        deadlineNs = loop.nowNs() + loop.timeoutNs(stage);
    }

    void carry(Attempt attempt) {
        messageCount++;
        nextHop = attempt.nextHop();
        site = attempt.hopSite();
        isLimited = attempt.request().site() != null;
        if (messageCount > 1) {
            history.begin(attempt);
        }
        carried = attempt.tls();
        beginTransaction(attempt, attempt.openRecipients(), false);
    }

    /** Takes the next in line for the same next hop, if its envelope may be sent now, behind a message. */
    @Nullable
    TransactionStep takeNext() {
        if (next != null
                || !offered.has(EhloCapabilities.PIPELINING)
                || !settings().reuse().pipelinesNext()
                || !isUsable()
                || loop.strictPeers().contains(peer.address())) {
            return null;
        }
        Attempt attempt = loop.lines().takeNext(nextHop);
        if (attempt == null) {
            return null;
        }
        if (attempt.request().isForAnotherSite(site) || !attempt.tls().follow(carried)) {
            attempt.onTurnLost();
            return null;
        }
        TransactionStep transaction = new TransactionStep(this, attempt, attempt.openRecipients(), false);
        if (transaction.hasObstacle()) {
            attempt.onTurnLost();
            return null;
        }
        next = transaction;
        return transaction;
    }

    private boolean isUsable() {
        SessionReuse reuse = loop.settings().reuse();
        Predicate<String> kept = settings().habits().keptDestinations();
        return !distrusted
                && !loop.isRetired()
                && (kept == null || kept.test(nextHop))
                && !reuse.idle().isZero()
                && (reuse.messageCountMax() == 0 || messageCount < reuse.messageCountMax())
                && loop.nowNs() - openedNs < reuse.lifetime().toNanos();
    }

    /** The message before it is done. */
    private void giveTurn(TransactionStep transaction) {
        next = null;
        messageCount++;
        step = transaction;
        transaction.onTurn();
        await(transaction.stage());
    }

    /** It objects to what came behind a message, or was out of step before: the transaction is tried again by itself. */
    void onTooStrict() {
        loop.strictPeers().add(peer.address());
        close();
    }

    void beginTransaction(Attempt attempt, int[] recipients, boolean rest) {
        TransactionStep transaction = new TransactionStep(this, attempt, recipients, rest);
        step = transaction;
        transaction.begin();
        flushUnlessReading();
    }

    /** The step has ended in a way that leaves the connection in order. */
    void release(boolean needsReset) {
        if (closed) {
            return;
        }
        TransactionStep waiting = next;
        if (waiting != null && distrusted) {
            close();
        } else if (waiting != null) {
            giveTurn(waiting);
        } else if (!isUsable()) {
            quit();
        } else if (needsReset) {
            history.end();
            enter(new ResetStep(this));
        } else {
            history.end();
            enter(idle);
            loop.idle().add(this);
        }
    }

    /** Sends QUIT; the server closes, or the timeout does. */
    void quit() {
        enter(new QuitStep(this));
        history.end();
    }

    SessionHistory history() {
        return history;
    }

    /** Carries no further message. */
    void distrust() {
        distrusted = true;
    }

    // Bytes. ---------------------------------------------------------------------------------------------------------

    void send(String command) {
        send(command, command);
    }

    /** {@code shown}: what may be known of it. */
    void send(String command, String shown) {
        history.say(shown);
        ByteBuf out = channel.alloc().buffer(command.length() + 2);
        out.writeCharSequence(command, StandardCharsets.US_ASCII);
        out.writeShort('\r' << 8 | '\n');
        send(out);
    }

    /** As {@link #send(Object)}. */
    void sendCommands(ByteBuf commands) {
        history.say(commands);
        send(commands);
    }

    /** Takes the message: a buffer or a region of a file. It leaves with the next {@link #flush}. */
    void send(Object message) {
        unflushed = true;
        channel.write(message, channel.voidPromise());
    }

    /** As {@link #send(Object)}, and tells when the system has it. */
    void send(Object message, Runnable onSent) {
        unflushed = true;
        channel.write(message).addListener(future -> {
            if (future.isSuccess()) {
                onSent.run();
            }
        });
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Now, if nothing else will do it. */
    void flushUnlessReading() {
        if (!reading) {
            flush();
        }
    }

    /** Something is not sent yet: a reply that comes now is not to it. */
    boolean hasUnsent() {
        return unflushed;
    }

    /** Bytes from the server, borrowed. */
    void onBytes(ByteBuf in) {
        reading = true;
        decodeAll(in);
        reading = false;
        flush();
    }

    private void decodeAll(ByteBuf in) {
        while (!closed && decoder.decode(in)) {
            // A reply cannot be to what was not sent yet.
            distrusted |= unflushed | decoder.isNoisy();
            history.hear(decoder);
            OddReply.warn(decoder, REPLY_LINE_BYTES_MAX, peer.relay(), loop.log());
            step.onReply(decoder);
            if (dropsRest) {
                dropsRest = false;
                in.skipBytes(in.readableBytes());
            }
        }
    }

    void warn(String text) {
        loop.log().onWarning(text);
    }

    void outOfStep(SmtpReplyDecoder reply) {
        fail(OutcomePolicy.outOfStep(peer, step.stage(), reply.text()));
    }

    // Ends. ----------------------------------------------------------------------------------------------------------

    void onWritable() {
        if (!closed) {
            step.onWritable();
        }
    }

    /** Closes the connection for a reason of our own. */
    void abort(DeliveryOutcome why) {
        fail(why);
    }

    void onLost() {
        fail(step.lost(peer));
    }

    /** Called regularly with the time. */
    void checkDeadline(long nowNs) {
        if (closed || openedNs == 0 || nowNs - deadlineNs < 0) {
            return;
        }
        long seen = step.progress();
        if (seen != progress) {
            long movedBytes = Math.max(0, seen - progress);
            progress = seen;
            int rate = settings().habits().dataRateMin();
            if (rate == 0) {
                await(step.stage());
            } else {
                // For each byte a while more; where they were too few, the next look ends it.
                deadlineNs += TimeUnit.SECONDS.toNanos(movedBytes) / rate;
            }
        } else if (!quitIfIdle()) {
            fail(OutcomePolicy.timedOut(peer, step.stage()));
        }
    }

    /** Sends QUIT if the session is idle; returns whether it was. */
    boolean quitIfIdle() {
        if (closed || step.stage() != SessionStage.IDLE) {
            return false;
        }
        loop.idle().remove(this);
        quit();
        flush();
        return true;
    }

    private void fail(DeliveryOutcome why) {
        if (next != null) {
            // It may have ended because of what came behind the message: not to be risked again.
            loop.strictPeers().add(peer.address());
        }
        if (close()) {
            step.onBroken(why);
        }
    }

    /** Ends the connection at once and silently; returns false when it had ended before. */
    boolean close() {
        if (closed) {
            return false;
        }
        closed = true;
        history.end();
        TransactionStep waiting = next;
        if (waiting != null) {
            next = null;
            waiting.onTurnLost();
        }
        loop.forget(this);
        channel.close();
        return true;
    }
}
