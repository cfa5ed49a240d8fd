// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a session has said and heard of one message, for somebody who wants to know of servers that misbehave. Of one that
 * goes on for long the beginning is forgotten. Where nobody wants to know, nothing is kept.
 * Thread: event loop.
 */
final class SessionHistory {
    static final int LINES_MAX = 1000;

    private static final String OURS = "Out: ";
    private static final String SERVERS = "In:  ";

    private final @Nullable ServerErrors errors;
    private final @Nullable BinaryOperator<String> replyFilter;
    private final String relay;

    // Owned by the session.
    private MailAddress sender;
    private Deque<String> lines = new ArrayDeque<>(0);
    /** Said of the message that comes next. */
    private List<String> ahead = List.of();
    /** Of the reply that is coming: lines for which others were taken, each with the other behind it. */
    private List<String> replaced = List.of();

    private boolean hasProtocolError;
    private boolean hasDataError;

    /** Of a session with a server that is made for an attempt. */
    SessionHistory(ClientHabits habits, String relay, Attempt attempt) {
        this.errors = habits.errors();
        this.replyFilter = habits.replyFilter();
        this.relay = relay;
        this.sender = sender(attempt);
    }

    private static MailAddress sender(Attempt attempt) {
        return attempt.request().envelope().sender();
    }

    private void add(String line) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.add(line);
    }

    /** The command is without its end. */
    void say(String command) {
        if (errors != null) {
            add(OURS + command);
        }
    }

    /** Borrowed; each command has its end. */
    void say(ByteBuf commands) {
        if (errors != null) {
            commands(commands).forEach(this::say);
        }
    }

    /** Commands that are of the message behind the current one; borrowed. */
    void sayAhead(ByteBuf commands) {
        if (errors != null) {
            ahead = commands(commands);
        }
    }

    private static List<String> commands(ByteBuf commands) {
        return commands.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** What is taken for the lines of replies (smtp_reply_filter); null: themselves. */
    @Nullable
    UnaryOperator<String> filter() {
        return replyFilter == null ? null : line -> replace(line, replyFilter.apply(relay, line));
    }

    private String replace(String line, String taken) {
        if (errors != null && !taken.equals(line)) {
            replaced = new ArrayList<>(replaced);
            replaced.add(line);
            replaced.add(taken);
        }
        return taken;
    }

    void hear(SmtpReplyDecoder reply) {
        if (errors == null) {
            return;
        }
        hasProtocolError |= reply.isNoisy();
        int at = 0;
        for (String line : reply.lines()) {
            if (at < replaced.size() && line.equals(replaced.get(at + 1))) {
                add(SERVERS + replaced.get(at));
                add("Replaced-by: ");
                add("     " + line);
                at += 2;
            } else {
                add(SERVERS + line);
            }
        }
        replaced = List.of();
    }

    /**
     * Something has failed for that code. Returns whether it tells of an error of the protocol: no refusal at all, or one of
     * those that say that the client has made an error (RFC 5321 §4.2.1: x0z), as Postfix has it.
     */
    boolean note(int code) {
        boolean isError = code < 400 || code > 599 || code == 555 || code >= 500 && code < 510;
        hasProtocolError |= isError;
        return isError;
    }

    /** What was to be known of the server could not be looked up. */
    void noteDataError() {
        hasDataError = true;
    }

    /** What comes is of this message. */
    void begin(Attempt attempt) {
        end();
        sender = sender(attempt);
        ahead.forEach(this::say);
        ahead = List.of();
    }

    /** Tells of what was, if something was wrong, and forgets it. */
    void end() {
        if (errors != null && (hasProtocolError || hasDataError)) {
            errors.onErrors(new ServerErrors.Told(relay, sender, hasProtocolError, hasDataError, List.copyOf(lines)));
        }
        lines.clear();
        hasProtocolError = false;
        hasDataError = false;
    }
}
