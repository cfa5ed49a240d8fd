// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.milter.MilterCommand;
import dev.stafette.codec.milter.MilterOptions;
import dev.stafette.codec.milter.MilterReply;
import dev.stafette.codec.milter.MilterWriter;
import dev.stafette.engine.socket.Dialer;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One milter in one session: what it has agreed to, and what it makes of each event.
 * Thread: event loop.
 *
 * <pre>
 * NEW       → ENVELOPE   it is connected, and has said what it wants
 * ENVELOPE  ↔ MESSAGE    it sees the content of a message
 * both      → SEEN       it needs to see no more of this message: → ENVELOPE with the next
 *           → ACCEPTED   nor of this session
 *           → REFUSED    all that comes in this session is refused
 * any       → FAILED     it is not there, or talks nonsense: from now on it says what main.cf has for that
 * </pre>
 * A milter whose commands all get their answer in time has its round trips, and nothing else: what needs no answer waits for what
 * does, in one packet of the network.
 */
final class MilterClient implements MilterLink.Listener {
    /** Packets that need no answer are sent when so many bytes have gathered. */
    private static final int GATHERED_BYTES_MAX = 64 << 10;

    private enum State {
        NEW,
        ENVELOPE,
        MESSAGE,
        SEEN,
        ACCEPTED,
        REFUSED,
        FAILED
    }

    private final MilterSettings settings;
    private final MilterRules rules;
    private final MilterHost host;
    private final MacroSource macros;

    // Owned by the loop.
    private State state = State.NEW;
    private @Nullable MilterLink link;
    private boolean isClosed;
    /** What it wants; null before it has said so. */
    private @Nullable MilterOptions wanted;

    private int unknown;
    /** What it answers without being asked; null: nothing. */
    private @Nullable MilterVerdict standing;
    /** It needs to see no more of these. */
    private @Nullable MilterCommand skipped;

    private @Nullable MilterCommand lastMacros;
    private @Nullable ByteBuf gathered;
    private MilterCommand event = MilterCommand.OPTIONS;
    private @Nullable Consumer<@Nullable MilterVerdict> waiting;
    private @Nullable Consumer<MilterReply> changes;

    MilterClient(MilterSettings settings, MilterRules rules, MilterHost host, MacroSource macros) {
        this.settings = settings;
        this.rules = rules;
        this.host = host;
        this.macros = macros;
    }

    String name() {
        return settings.name();
    }

    /** What holds for all that comes. */
    @Nullable
    MilterVerdict standing() {
        return standing;
    }

    boolean wantsRejectedRecipients() {
        return wants(MilterOptions.REJECTED_RECIPIENTS);
    }

    /** White space behind a field's colon belongs to its value. */
    boolean wantsLeadingSpace() {
        return wants(MilterOptions.LEADING_SPACE);
    }

    private boolean wants(int bit) {
        return wanted != null && (wanted.protocol() & bit) != 0;
    }

    // The beginning. -------------------------------------------------------------------------------------------------

    void connect(Consumer<@Nullable MilterVerdict> then) {
        if (isClosed) {
            then.accept(null);
            return;
        }
        waiting = then;
        new Dialer(settings.endpoint(), host.loop(), rules.workers())
                .dial(settings.connectTimeout(), () -> new MilterLink(this), this::onConnected, why -> {
                    if (!isClosed) {
                        warn("connect to Milter service " + settings.name() + ": " + why);
                        giveUp(settings.ifUnavailable());
                    }
                });
    }

    private void onConnected(MilterLink connected) {
        if (isClosed) {
            connected.close(null);
            return;
        }
        link = connected;
        settings.offered().write(writer(connected));
        flush(connected);
        connected.await(settings.commandTimeout());
    }

    private void negotiate(ByteBuf packet) {
        MilterOptions said = MilterOptions.parse(packet);
        MilterOptions offered = settings.offered();
        if (said.version() > offered.version()) {
            throw new IllegalArgumentException(
                    "protocol version " + said.version() + " conflict with MTA protocol version " + offered.version());
        }
        if ((said.actions() & ~offered.actions()) != 0) {
            throw new IllegalArgumentException(String.format(
                    "request mask 0x%x conflict with MTA request mask 0x%x", said.actions(), offered.actions()));
        }
        wanted = said;
        unknown = MilterOptions.unknownIn(Math.min(said.version(), offered.version()));
        state = State.ENVELOPE;
        answer(null);
    }

    /** It looks at such parts of a message, and has not seen enough of them. */
    boolean looksAt(MilterCommand part) {
        return !wants(part.unwanted()) && skipped != part;
    }

    // Events. --------------------------------------------------------------------------------------------------------

    /** It hears of that command now; else its answer is what stands. */
    boolean listensTo(MilterCommand command) {
        return switch (state) {
            case ENVELOPE, MESSAGE -> true;
            case SEEN -> command == MilterCommand.HELO;
            default -> false;
        };
    }

    /** {@code then}: hears what it makes of it, at once or later; null: go on. */
    void tell(MilterCommand command, Consumer<MilterWriter> data, Consumer<@Nullable MilterVerdict> then) {
        MilterLink to = link;
        MilterOptions agreed = wanted;
        boolean isUnknown = (command.unwanted() & unknown) != 0;
        if (to == null || agreed == null || isUnknown || isSkipped(command)) {
            then.accept(standing);
            return;
        }
        MilterWriter out = writer(to);
        writeMacros(command, agreed, out);
        if ((command.unwanted() & agreed.protocol()) != 0) {
            // The macros may be wanted later.
            then.accept(standing);
            return;
        }
        out.begin(command);
        data.accept(out);
        out.end();
        event = command;
        if ((command.unanswered() & agreed.protocol()) == 0) {
            waiting = then;
            flush(to);
            to.await(timeout());
        } else if (gatheredBytes() < GATHERED_BYTES_MAX) {
            then.accept(standing);
        } else {
            waiting = then;
            to.await(timeout());
            to.send(takeGathered()).addListener(sent -> {
                if (waiting == then && sent.isSuccess()) {
                    answer(standing);
                }
            });
        }
    }

    /** The end of a message: {@code hears} of the changes that it wants before it says what it makes of it. */
    void tellEnd(Consumer<MilterReply> hears, Consumer<@Nullable MilterVerdict> then) {
        changes = hears;
        tell(MilterCommand.END_OF_BODY, out -> {}, then);
    }

    private boolean isSkipped(MilterCommand command) {
        if (skipped != command) {
            skipped = null;
        }
        return skipped != null;
    }

    private Duration timeout() {
        return state == State.MESSAGE ? settings.contentTimeout() : settings.commandTimeout();
    }

    private void writeMacros(MilterCommand command, MilterOptions agreed, MilterWriter out) {
        boolean isRepeated =
                command == lastMacros && (command == MilterCommand.HEADER || command == MilterCommand.BODY);
        lastMacros = command;
        if (isRepeated) {
            return;
        }
        out.begin(MilterCommand.MACROS).octet(command.code());
        for (String name : rules.macros().namesFor(command, agreed.macros())) {
            String value = rules.macros().value(name, macros);
            if (value != null) {
                out.text(MilterMacros.shown(name)).text(value);
            }
        }
        out.end();
    }

    private MilterWriter writer(MilterLink to) {
        ByteBuf buf = gathered;
        if (buf == null) {
            buf = to.newBuffer();
            gathered = buf;
        }
        return new MilterWriter(buf);
    }

    private int gatheredBytes() {
        return gathered == null ? 0 : gathered.readableBytes();
    }

    private void flush(MilterLink to) {
        if (gathered != null) {
            to.send(takeGathered());
        }
    }

    private ByteBuf takeGathered() {
        ByteBuf buf = gathered;
        gathered = null;
        if (buf == null) {
            throw new IllegalStateException("nothing to send");
        }
        return buf;
    }

    // Replies. -------------------------------------------------------------------------------------------------------

    @Override
    public void onPacket(ByteBuf packet) {
        try {
            if (!packet.isReadable()) {
                throw new IllegalArgumentException("bad packet length: 0");
            }
            if (state == State.NEW) {
                negotiate(packet);
            } else if (waiting == null) {
                throw new IllegalArgumentException("a reply to nothing");
            } else {
                onReply(MilterReply.parse(packet));
            }
        } catch (IllegalArgumentException e) {
            fail(String.valueOf(e.getMessage()), settings.ifUnavailable());
        }
    }

    private void onReply(MilterReply reply) {
        boolean isOfSession = event == MilterCommand.CONNECT || event == MilterCommand.HELO;
        switch (reply.kind()) {
            case PROGRESS -> goOnWaiting();
            case CONTINUE -> answer(standing);
            case SKIP -> {
                skipped = event;
                answer(standing);
            }
            case ACCEPT -> {
                state = isOfSession ? State.ACCEPTED : State.SEEN;
                answer(standing);
            }
            case DISCARD -> discard(isOfSession);
            case REJECT -> refuse(MilterVerdict.REJECT, isOfSession);
            case TEMPFAIL -> refuse(MilterVerdict.TEMPFAIL, isOfSession);
            case SHUTDOWN -> refuse(MilterVerdict.SHUTDOWN, true);
            case REPLY_CODE -> refuse(reply.firstText(), isOfSession);
            case QUARANTINE -> {
                standing = MilterVerdict.HOLD;
                goOnWaiting();
            }
            default -> change(reply);
        }
    }

    private void goOnWaiting() {
        if (link != null) {
            link.await(timeout());
        }
    }

    private void discard(boolean isOfSession) {
        if (isOfSession) {
            warn("milter " + settings.name() + ": DISCARD action is not allowed for connect or helo");
            answer(standing);
            return;
        }
        state = State.SEEN;
        answer(MilterVerdict.DISCARD);
    }

    private void refuse(MilterVerdict verdict, boolean forGood) {
        if (forGood) {
            state = State.REFUSED;
            standing = verdict;
        }
        answer(verdict);
    }

    private void refuse(String given, boolean forGood) {
        MilterVerdict verdict = MilterVerdict.parse(given);
        if (verdict == null) {
            fail("malformed reply: " + given, settings.ifUnavailable());
        } else {
            refuse(verdict, forGood);
        }
    }

    private void change(MilterReply reply) {
        Consumer<MilterReply> hears = changes;
        if (event != MilterCommand.END_OF_BODY || hears == null) {
            throw new IllegalArgumentException(
                    "unexpected filter response " + reply.kind().text() + " after event " + event.text());
        }
        hears.accept(reply);
        goOnWaiting();
    }

    private void answer(@Nullable MilterVerdict verdict) {
        Consumer<@Nullable MilterVerdict> then = waiting;
        waiting = null;
        if (link != null) {
            link.stopTimer();
        }
        if (then != null) {
            then.accept(verdict);
        }
    }

    @Override
    public void onFailure(String why) {
        String what = state == State.NEW ? MilterCommand.OPTIONS.text() : event.text();
        fail("can't read " + what + " reply packet header: " + why, settings.ifUnavailable());
    }

    private void fail(String why, @Nullable MilterVerdict instead) {
        warn("milter " + settings.name() + ": " + why);
        giveUp(instead);
    }

    private void giveUp(@Nullable MilterVerdict instead) {
        dropLink(null);
        state = State.FAILED;
        standing = instead;
        answer(instead);
    }

    private void warn(String text) {
        host.warnings().accept(text);
    }

    // Messages, and the end. -----------------------------------------------------------------------------------------

    /** False: it does not look at this one. */
    boolean tryBeginMessage() {
        boolean looks = state == State.ENVELOPE;
        if (looks) {
            state = State.MESSAGE;
        }
        return looks;
    }

    /** It has said what it makes of the message, whatever comes. */
    boolean isDoneWithMessage() {
        return state != State.MESSAGE;
    }

    /** It is not there any more, or was not believed. */
    boolean hasFailed() {
        return state == State.FAILED;
    }

    void endMessage() {
        changes = null;
        if (state == State.MESSAGE || state == State.SEEN) {
            state = State.ENVELOPE;
            standing = null;
        }
    }

    /** The message will not come, or is over. */
    void abort() {
        MilterLink to = link;
        lastMacros = null;
        skipped = null;
        if (to != null && (state == State.ENVELOPE || state == State.MESSAGE || state == State.SEEN)) {
            writer(to).begin(MilterCommand.ABORT).end();
            flush(to);
            state = State.ENVELOPE;
            standing = null;
        }
    }

    /** The session ends. Who waits for an answer gets what stands. */
    void close() {
        isClosed = true;
        MilterLink to = link;
        if (to != null && state != State.NEW) {
            writer(to).begin(MilterCommand.QUIT).end();
            dropLink(takeGathered());
        } else {
            dropLink(null);
        }
        answer(standing);
    }

    private void dropLink(@Nullable ByteBuf last) {
        MilterLink to = link;
        link = null;
        if (gathered != null) {
            takeGathered().release();
        }
        if (to != null) {
            to.close(last);
        }
    }
}
