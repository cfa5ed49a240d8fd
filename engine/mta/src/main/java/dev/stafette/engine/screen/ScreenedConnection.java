// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.restriction.ReplyFooter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * A connection that is tested: how far it has come, and how it is spoken to.
 * Thread: event loop.
 */
final class ScreenedConnection {
    private final ScreenLoop loop;
    private final Channel channel;
    private final InetSocketAddress client;
    private final InetSocketAddress server;
    private final TestProgress tests = new TestProgress();

    // Owned by the loop.
    private SmtpReply recipientReply = ScreenReplies.COME_AGAIN;
    private boolean isRefused;
    private boolean isUnwelcome;
    private Set<String> hiddenKeywords = Set.of();
    private boolean isHandshaking;
    private boolean isSecure;

    ScreenedConnection(ScreenLoop loop, Channel channel, InetSocketAddress client, InetSocketAddress server) {
        this.loop = loop;
        this.channel = channel;
        this.client = client;
        this.server = server;
    }

    ScreenLoop loop() {
        return loop;
    }

    ScreenSettings settings() {
        return loop.settings();
    }

    ScreenLog log() {
        return loop.log();
    }

    Channel channel() {
        return channel;
    }

    InetSocketAddress client() {
        return client;
    }

    InetSocketAddress server() {
        return server;
    }

    InetAddress address() {
        return client.getAddress();
    }

    TestProgress tests() {
        return tests;
    }

    // What it has passed. --------------------------------------------------------------------------------------------

    /** What it and others of the client have passed, so far as this moment knows. */
    TestTimes times() {
        return loop.clients().find(address()).times();
    }

    void pass(ScreenTest test, long seconds) {
        tests.pass(test);
        long until = loop.epochSeconds() + seconds;
        loop.clients().update(address(), times -> times.with(test, until));
    }

    /** It need pass no test but the one of DNS lists. */
    void passOthers(long seconds) {
        for (ScreenTest test : ScreenTest.values()) {
            if (test != ScreenTest.DNSBL && tests.isDue(test) && !tests.hasPassed(test)) {
                tests.decide(test);
                tests.pass(test);
            }
        }
        long until = loop.epochSeconds() + seconds;
        loop.clients().update(address(), times -> times.atLeast(until, ScreenTest.DNSBL));
    }

    /** It fails one after the greeting. */
    void fail(ScreenTest test) {
        tests.fail(test);
        tests.decide(test);
        loop.clients().update(address(), times -> times.with(test, TestTimes.NOT_WANTED));
    }

    /** Whether it has failed a test, or is not welcome whatever it passes. */
    boolean hasFailed() {
        return tests.hasFailed() || isUnwelcome;
    }

    // TLS and what is offered. ---------------------------------------------------------------------------------------

    void setHiddenKeywords(Set<String> keywords) {
        hiddenKeywords = keywords;
    }

    Set<String> hiddenKeywords() {
        return hiddenKeywords;
    }

    /** STARTTLS is answered: the next thing that the client says is no command. */
    void setHandshaking(boolean now) {
        isHandshaking = now;
    }

    boolean isHandshaking() {
        return isHandshaking;
    }

    void setSecure() {
        isSecure = true;
    }

    boolean isSecure() {
        return isSecure;
    }

    // What becomes of it. --------------------------------------------------------------------------------------------

    /** Its recipients are refused with this. */
    void refuse(SmtpReply reply) {
        recipientReply = reply;
        isRefused = true;
    }

    /** It gets no session, whatever it passes. */
    void refuse() {
        isRefused = true;
    }

    boolean isRefused() {
        return isRefused;
    }

    /** The list says so, or it came to an address where nobody passes. */
    void noteUnwelcome() {
        isUnwelcome = true;
    }

    /** As it is said. */
    SmtpReply recipientReply() {
        return softened(recipientReply);
    }

    private SmtpReply softened(SmtpReply reply) {
        return settings().protocol().softBounce() ? ScreenReplies.softened(reply) : reply;
    }

    void say(SmtpReply reply) {
        SmtpReply said = softened(reply);
        ReplyFooter footer = settings().footer();
        if (footer != null) {
            said = footer.addTo(said, client, loop.epochMs(), log()::warning);
        }
        ByteBuf out = channel.alloc().buffer();
        said.encode(out);
        channel.writeAndFlush(out, channel.voidPromise());
    }
}
