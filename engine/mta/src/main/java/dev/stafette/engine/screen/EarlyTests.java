// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.names.DnsListFilter;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tests before the greeting: half of it is said, and the client has to wait for the rest, while DNS lists are asked.
 * Thread: event loop.
 */
final class EarlyTests {
    private static final int DROP_CODE = 521;
    private static final int REFUSAL_CODE = 550;

    private final ScreenedConnection connection;
    private final TestProgress tests;
    private final TestRules rules;
    private final long beganNs;
    private final Runnable onKnown;

    // Owned by the loop: null where no list is asked.
    private @Nullable DnsblScore score;
    private boolean isScoreTaken;
    private boolean isOver;

    /** {@code onKnown}: run when nothing is left to wait for, because the lists have answered. */
    EarlyTests(ScreenedConnection connection, Runnable onKnown) {
        this.connection = connection;
        this.tests = connection.tests();
        this.rules = connection.settings().tests();
        this.beganNs = connection.loop().nowNs();
        this.onKnown = onKnown;
    }

    void begin() {
        if (tests.isDue(ScreenTest.PREGREET)) {
            String teaser = "220-" + connection.settings().teaser() + "\r\n";
            ByteBuf out = connection.channel().alloc().buffer();
            out.writeBytes(teaser.getBytes(StandardCharsets.UTF_8));
            connection.channel().writeAndFlush(out, connection.channel().voidPromise());
        }
        if (tests.isDue(ScreenTest.DNSBL)) {
            score = new DnsblScore(connection.settings().lists());
            connection.settings().lists().sites().forEach(this::ask);
        }
    }

    // DNS lists. -----------------------------------------------------------------------------------------------------

    private void ask(DnsblSites.Site site) {
        String name = DnsListFilter.reversed(connection.address()) + site.domain();
        connection.loop().dns().ask(name, DnsType.A, answer -> onAnswer(site, name, answer));
    }

    private void onAnswer(DnsblSites.Site site, String name, DnsAnswer<InetAddress> answer) {
        List<String> entries = answer.records().stream().map(IpText::format).toList();
        entries.forEach(entry -> connection.log().inList(connection.address(), site.domain(), entry));
        boolean isUnavailable = answer.outcome() == DnsAnswer.Outcome.TRY_AGAIN;
        if (isUnavailable) {
            connection.log().listUnavailable(name, answer.reason());
        }
        long timeoutSeconds = connection.settings().lists().timeoutSeconds();
        if (connection.loop().nowNs() - beganNs > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
            connection.log().listTimedOut(site.domain(), timeoutSeconds);
            return;
        }
        DnsblScore gathered = score;
        if (isOver || isScoreTaken || gathered == null) {
            return;
        }
        gathered.add(site, entries, isUnavailable ? -1 : answer.timeToLiveSeconds());
        if (gathered.isComplete()) {
            take(gathered);
            tests.decide(ScreenTest.DNSBL);
            if (tests.isEarlyOver()) {
                onKnown.run();
            }
        }
    }

    /** What answers later says nothing any more. */
    private void take(DnsblScore gathered) {
        isScoreTaken = true;
        if (gathered.isAllowed() && !connection.hasFailed()) {
            connection.passOthers(gathered.seconds());
        }
    }

    // Waiting. -------------------------------------------------------------------------------------------------------

    /** Whether the client may say nothing yet. */
    boolean isSilenceWanted() {
        return tests.isDue(ScreenTest.PREGREET)
                && !tests.isDecided(ScreenTest.PREGREET)
                && !tests.hasFailed(ScreenTest.PREGREET);
    }

    /** The client has said something; borrowed. Returns the last reply, if that is the end of it. */
    @Nullable
    SmtpReply onBytes(ByteBuf early) {
        if (!isSilenceWanted()) {
            return null;
        }
        byte[] said = new byte[early.readableBytes()];
        early.getBytes(early.readerIndex(), said);
        connection.log().spokeEarly(connection.client(), said, connection.loop().nowNs() - beganNs);
        tests.fail(ScreenTest.PREGREET);
        tests.decide(ScreenTest.PREGREET);
        switch (rules.action(ScreenTest.PREGREET)) {
            case DROP -> {
                return ScreenReplies.PROTOCOL_DROP;
            }
            case ENFORCE -> connection.refuse(ScreenReplies.PROTOCOL);
            case IGNORE -> {
                // Until the time is over.
            }
        }
        return null;
    }

    /** The time is over, or nothing is left to wait for. Returns the last reply, if that is the end of it. */
    @Nullable
    SmtpReply end() {
        isOver = true;
        if (isSilenceWanted()) {
            connection.pass(ScreenTest.PREGREET, rules.seconds(ScreenTest.PREGREET));
        }
        if (rules.action(ScreenTest.PREGREET) == ScreenAction.IGNORE) {
            // It is tested again the next time.
            tests.forgive(ScreenTest.PREGREET);
        }
        DnsblScore gathered = score;
        return gathered == null ? null : judge(gathered);
    }

    /** The score may lack answers that took too long. */
    private @Nullable SmtpReply judge(DnsblScore gathered) {
        if (!isScoreTaken) {
            take(gathered);
        }
        if (!gathered.isListed()) {
            connection.pass(ScreenTest.DNSBL, gathered.seconds());
            return null;
        }
        connection.log().listed(connection.client(), gathered.total());
        String address = IpText.format(connection.address());
        switch (rules.action(ScreenTest.DNSBL)) {
            case DROP -> {
                tests.fail(ScreenTest.DNSBL);
                return ScreenReplies.listed(DROP_CODE, address, gathered.name());
            }
            case ENFORCE -> {
                tests.fail(ScreenTest.DNSBL);
                connection.refuse(ScreenReplies.listed(REFUSAL_CODE, address, gathered.name()));
            }
            case IGNORE -> {
                // It is tested again the next time.
            }
        }
        return null;
    }

    /** The connection is gone. */
    void abandon() {
        isOver = true;
    }
}
