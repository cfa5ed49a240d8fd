// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The replies that depend on the configuration alone, encoded once.
 * Thread: any (it does not change).
 */
final class ServerReplies {
    private static final String XCLIENT = "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT";
    private static final String XFORWARD = "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT";

    private static final EnhancedStatus SHUTTING_DOWN = EnhancedStatus.of(4, 3, 2);
    private static final EnhancedStatus LOCAL_ERROR = EnhancedStatus.of(4, 3, 0);
    private static final EnhancedStatus RATE = EnhancedStatus.of(4, 7, 1);
    private static final EnhancedStatus POLICY = EnhancedStatus.of(4, 7, 0);

    private static final EnhancedStatus DENIED = EnhancedStatus.of(5, 7, 0);

    private static final int MAY_XCLIENT = 1;
    private static final int MAY_XFORWARD = 2;
    private static final int MAY_XVERP = 4;
    private static final int START_TLS = 8;
    private static final int REQUIRE_TLS = 16;

    private final SmtpServerSettings settings;
    private final String hostName;
    final SmtpReply greeting;
    /** By what not everybody is offered: a bit for XCLIENT, XFORWARD, XVERP, STARTTLS and REQUIRETLS each. */
    private final SmtpReply[] ehlos = new SmtpReply[32];

    final SmtpReply helo;
    final SmtpReply bareLineFeed;
    final SmtpReply timeout;
    final SmtpReply tooManyErrors;
    final SmtpReply shuttingDown;

    ServerReplies(SmtpServerSettings settings) {
        this.settings = settings;
        hostName = settings.hostName();
        greeting = SmtpReply.of(220, settings.banner());
        for (int i = 0; i < ehlos.length; i++) {
            ehlos[i] = SmtpReply.ofLines(
                    250, null, ehloLines(settings, i, settings.protocol().hiddenKeywords()));
        }
        helo = SmtpReply.of(250, hostName);
        bareLineFeed = SmtpPhrasebook.bareLf(settings.protocol().bareNewlineCode(), hostName);
        timeout = SmtpPhrasebook.timeout(hostName);
        tooManyErrors = SmtpPhrasebook.tooManyErrors(hostName);
        shuttingDown = SmtpReply.of(421, SHUTTING_DOWN, hostName + " Service shutting down");
    }

    /** In Postfix's order. */
    private static List<String> ehloLines(SmtpServerSettings settings, int offers, Set<String> hidden) {
        long messageBytes = settings.limits().messageBytes();
        List<String> offered = new ArrayList<>();
        offered.add("PIPELINING");
        offered.add(messageBytes > 0 ? "SIZE " + messageBytes : "SIZE");
        if (settings.protocol().hasVrfy()) {
            offered.add("VRFY");
        }
        offered.add("ETRN");
        if ((offers & START_TLS) != 0) {
            offered.add(StartTlsStep.KEYWORD);
        }
        if ((offers & MAY_XVERP) != 0) {
            offered.add("XVERP");
        }
        if ((offers & MAY_XCLIENT) != 0) {
            offered.add(XCLIENT);
        }
        if ((offers & MAY_XFORWARD) != 0) {
            offered.add(XFORWARD);
        }
        offered.addAll(List.of("ENHANCEDSTATUSCODES", "8BITMIME", "DSN"));
        if (settings.protocol().commands().smtpUtf8()) {
            offered.add("SMTPUTF8");
        }
        offered.add("CHUNKING");
        if ((offers & REQUIRE_TLS) != 0) {
            offered.add("REQUIRETLS");
        }
        offered.removeIf(line -> hidden.contains(line.split(" ", 2)[0]));
        offered.add(0, settings.hostName());
        return offered;
    }

    SmtpReply ehlo(ClientStanding client, boolean xforward, boolean startTls, boolean isSecure) {
        int offers = (client.mayXclient() ? MAY_XCLIENT : 0)
                | (xforward ? MAY_XFORWARD : 0)
                | (client.mayVerp() ? MAY_XVERP : 0)
                | (startTls ? START_TLS : 0)
                | (isSecure && settings.protocol().commands().requireTls() ? REQUIRE_TLS : 0);
        Set<String> hidden = client.hidden();
        return hidden.equals(settings.protocol().hiddenKeywords())
                ? ehlos[offers]
                : SmtpReply.ofLines(250, null, ehloLines(settings, offers, hidden));
    }

    /** In the place of the greeting. */
    SmtpReply notAccepting() {
        return SmtpReply.of(554, hostName + " ESMTP not accepting connections");
    }

    /** The same, and the session ends. */
    SmtpReply unavailable() {
        return SmtpReply.of(421, hostName + " Service unavailable - try again later");
    }

    SmtpReply localError() {
        return SmtpReply.of(421, LOCAL_ERROR, hostName + " Server local error");
    }

    SmtpReply localDataError() {
        return SmtpReply.of(421, LOCAL_ERROR, hostName + " Server local data error");
    }

    /** {@code client}: name and address. */
    SmtpReply denied(String client) {
        return SmtpReply.of(503, DENIED, "Error: access denied for " + client);
    }

    SmtpReply tooMuchMail(String address) {
        return SmtpReply.of(450, RATE, "Error: too much mail from " + address);
    }

    SmtpReply tooManyRecipients(String address) {
        return SmtpReply.of(450, RATE, "Error: too many recipients from " + address);
    }

    SmtpReply tooManyLogins(String address) {
        return SmtpReply.of(450, RATE, "Error: too many AUTH commands from " + address);
    }

    /** {@code client}: name and address. */
    SmtpReply tooManyTlsRequests(String client) {
        return SmtpReply.of(454, POLICY, "Error: too many new TLS sessions from " + client);
    }

    /** {@code client}: name and address. */
    SmtpReply tooManyTlsSessions(String client) {
        return SmtpReply.of(421, POLICY, hostName + " Error: too many new TLS sessions from " + client);
    }

    SmtpReply certificateRequired(boolean isPresent) {
        return SmtpReply.of(
                421,
                RATE,
                hostName + " Error: "
                        + (isPresent ? "Client certificate not trusted" : "No client certificate presented"));
    }

    SmtpReply tooManyConnections(String address) {
        return SmtpReply.of(421, POLICY, hostName + " Error: too many connections from " + address);
    }
}
