// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.List;

/**
 * The replies that depend on the configuration alone, encoded once.
 * Thread: any (it does not change).
 */
final class ServerReplies {
    private static final EnhancedStatus SHUTTING_DOWN = EnhancedStatus.of(4, 3, 2);
    private static final EnhancedStatus RATE = EnhancedStatus.of(4, 7, 1);
    private static final EnhancedStatus POLICY = EnhancedStatus.of(4, 7, 0);

    private final String hostName;
    final SmtpReply greeting;
    final SmtpReply ehlo;
    final SmtpReply helo;
    final SmtpReply bareLineFeed;
    final SmtpReply timeout;
    final SmtpReply tooManyErrors;
    final SmtpReply shuttingDown;

    ServerReplies(SmtpServerSettings settings) {
        hostName = settings.hostName();
        greeting = SmtpReply.of(220, settings.banner());
        ehlo = SmtpReply.ofLines(250, null, ehloLines(settings));
        helo = SmtpReply.of(250, hostName);
        bareLineFeed = SmtpPhrasebook.bareLf(settings.protocol().bareNewlineCode(), hostName);
        timeout = SmtpPhrasebook.timeout(hostName);
        tooManyErrors = SmtpPhrasebook.tooManyErrors(hostName);
        shuttingDown = SmtpReply.of(421, SHUTTING_DOWN, hostName + " Service shutting down");
    }

    /** In Postfix's order. */
    private static List<String> ehloLines(SmtpServerSettings settings) {
        long messageBytes = settings.limits().messageBytes();
        List<String> offered = new ArrayList<>();
        offered.add("PIPELINING");
        offered.add(messageBytes > 0 ? "SIZE " + messageBytes : "SIZE");
        if (settings.protocol().hasVrfy()) {
            offered.add("VRFY");
        }
        offered.add("ETRN");
        offered.addAll(List.of("ENHANCEDSTATUSCODES", "8BITMIME", "DSN"));
        if (settings.protocol().commands().smtpUtf8()) {
            offered.add("SMTPUTF8");
        }
        offered.add("CHUNKING");
        offered.removeIf(line -> settings.protocol().hiddenKeywords().contains(line.split(" ", 2)[0]));
        offered.add(0, settings.hostName());
        return offered;
    }

    SmtpReply tooMuchMail(String address) {
        return SmtpReply.of(450, RATE, "Error: too much mail from " + address);
    }

    SmtpReply tooManyRecipients(String address) {
        return SmtpReply.of(450, RATE, "Error: too many recipients from " + address);
    }

    SmtpReply tooManyConnections(String address) {
        return SmtpReply.of(421, POLICY, hostName + " Error: too many connections from " + address);
    }
}
