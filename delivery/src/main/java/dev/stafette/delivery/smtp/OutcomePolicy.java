// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.route.RouteAnswer.NoRoute;
import dev.stafette.delivery.tls.TlsPolicy;
import io.netty.channel.ConnectTimeoutException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides what a reply or a failure means for its recipients.
 * Thread: any (pure).
 *
 * <p>Scope SITE is the one that counts against the destination's concurrency window: the server could not be talked to.
 * A reply to MAIL, RCPT, DATA or the final dot never does, whatever it says, since a session that gets so far works.
 */
final class OutcomePolicy {
    private static final EnhancedStatus BIND_FAILED = EnhancedStatus.of(4, 4, 0);
    private static final EnhancedStatus NO_ANSWER = EnhancedStatus.of(4, 4, 1);
    private static final EnhancedStatus BAD_CONNECTION = EnhancedStatus.of(4, 4, 2);
    private static final EnhancedStatus PROTOCOL_ERROR = EnhancedStatus.of(4, 5, 0);
    private static final EnhancedStatus NO_REFUSAL = EnhancedStatus.of(5, 5, 0);
    private static final EnhancedStatus LOOP = EnhancedStatus.of(5, 4, 6);
    private static final EnhancedStatus TOO_BIG = EnhancedStatus.of(5, 3, 4);
    private static final EnhancedStatus NEEDS_UTF8 = EnhancedStatus.of(5, 6, 7);
    private static final EnhancedStatus BAD_CONFIGURATION = EnhancedStatus.of(4, 3, 5);
    private static final EnhancedStatus LOCAL_ERROR = EnhancedStatus.of(4, 3, 0);
    private static final EnhancedStatus TLS_NEEDED = EnhancedStatus.of(4, 7, 4);
    private static final EnhancedStatus TLS_FAILED = EnhancedStatus.of(4, 7, 5);
    private static final EnhancedStatus SECURITY = EnhancedStatus.of(4, 7, 0);
    /** RFC 8689 §4.2.1; of a host among others it is not the last word. */
    private static final EnhancedStatus ENCRYPTION_NEEDED = EnhancedStatus.of(4, 7, 10);

    private static final EnhancedStatus REQUIRETLS_NEEDED = EnhancedStatus.of(4, 7, 30);
    private static final EnhancedStatus SHUTTING_DOWN = EnhancedStatus.of(4, 3, 2);

    private static final String NO_FILE = "No such file or directory";

    /** The system's error text, without what Netty adds. */
    private static final List<String> SYSTEM_ERRORS = List.of(
            "Connection refused",
            "Connection timed out",
            "No route to host",
            "Network is unreachable",
            "Connection reset by peer",
            "Cannot assign requested address",
            "Permission denied",
            NO_FILE);

    private OutcomePolicy() {}

    // Replies. -------------------------------------------------------------------------------------------------------

    static DeliveryOutcome delivered(Peer peer, int useCount, Handover handover, SmtpReplyDecoder reply) {
        EnhancedStatus said = reply.status();
        EnhancedStatus status = said == null || said.equals(EnhancedStatus.SENT) ? EnhancedStatus.SENT : said;
        return new DeliveryOutcome(
                Kind.DELIVERED,
                Scope.MESSAGE,
                status,
                reply.text(),
                peer.relay(),
                useCount,
                peer.host(),
                null,
                handover);
    }

    /** The server would take mail for the recipient of a message that only asks. */
    static DeliveryOutcome deliverable(Peer peer, int useCount, SmtpReplyDecoder reply) {
        return new DeliveryOutcome(
                Kind.DELIVERED,
                Scope.RECIPIENT,
                reply.code() / 100 == 2 ? status(reply) : EnhancedStatus.SENT,
                reply.text(),
                peer.relay(),
                useCount,
                peer.host(),
                null,
                Handover.RELAYED);
    }

    /** A negative or unexpected reply to a command of a transaction. */
    static DeliveryOutcome said(Peer peer, int useCount, SessionStage stage, SmtpReplyDecoder reply) {
        int codeClass = reply.code() / 100;
        Scope scope =
                reply.code() == 421 ? Scope.SESSION : stage == SessionStage.RCPT ? Scope.RECIPIENT : Scope.MESSAGE;
        String text = reply.text();
        return new DeliveryOutcome(
                codeClass == 4 ? Kind.DEFERRED : Kind.BOUNCED,
                scope,
                refusalStatus(reply),
                (codeClass == 2 ? "Protocol error: host " : "host ") + peer.label() + " said: " + text
                        + " (in reply to " + stage.command + ")",
                peer.relay(),
                useCount,
                peer.host(),
                text);
    }

    /** A recipient that there was no room for behind the others: it goes in another transaction. */
    static DeliveryOutcome noRoom(Peer peer, int useCount, SmtpReplyDecoder reply) {
        DeliveryOutcome said = said(peer, useCount, SessionStage.RCPT, reply);
        return said.kind() == Kind.DEFERRED
                ? said
                : new DeliveryOutcome(
                        Kind.DEFERRED,
                        Scope.RECIPIENT,
                        said.status().withClass(4),
                        said.text(),
                        said.relay(),
                        useCount,
                        said.remoteMta(),
                        said.diagnostic());
    }

    /** RFC 5321 §4.5.3.1.10: 552 to RCPT is an old spelling of 452, behind one that was accepted. */
    static boolean isTooManyRecipients(int code) {
        return code == 452 || code == 552;
    }

    /** Neither success nor a refusal: unexpected there, or not defined at all. */
    static boolean isOutOfPlace(SessionStage stage, int code) {
        int codeClass = code / 100;
        return codeClass != 4 && codeClass != 5 && codeClass != (stage == SessionStage.DATA ? 3 : 2);
    }

    /** What servers say to commands that they did not expect yet. */
    static boolean isOutOfSequence(int code) {
        return code == 503 || code == 554;
    }

    /** The enhanced status, or {@code x.0.0} where there is none that goes with the code. */
    private static EnhancedStatus status(SmtpReplyDecoder reply) {
        EnhancedStatus said = reply.status();
        return said == null ? EnhancedStatus.of(reply.code() / 100, 0, 0) : said;
    }

    private static EnhancedStatus refusalStatus(SmtpReplyDecoder reply) {
        int codeClass = reply.code() / 100;
        return codeClass == 4 || codeClass == 5 ? status(reply) : NO_REFUSAL;
    }

    /**
     * A negative greeting, or a rejected HELO.
     *
     * @param skip5xx a 5xx is as good as a 4xx
     */
    static DeliveryOutcome refused(Peer peer, SmtpReplyDecoder reply, boolean skip5xx) {
        int codeClass = reply.code() / 100;
        boolean deferred = codeClass == 4 || codeClass == 5 && skip5xx;
        String text = reply.text();
        return new DeliveryOutcome(
                deferred ? Kind.DEFERRED : Kind.BOUNCED,
                Scope.SITE,
                deferred ? status(reply).withClass(4) : refusalStatus(reply),
                "host " + peer.label() + " refused to talk to me: " + text,
                peer.relay(),
                1,
                peer.host(),
                text);
    }

    // TLS. -----------------------------------------------------------------------------------------------------------

    static DeliveryOutcome tlsNotOffered(Peer peer) {
        return noTls(peer, TLS_NEEDED, "TLS is required, but was not offered by host " + peer.label());
    }

    static DeliveryOutcome tlsRefused(Peer peer, SmtpReplyDecoder reply) {
        return noTls(
                peer,
                status(reply).withClass(4),
                "TLS is required, but host " + peer.label() + " refused to start TLS: " + reply.text());
    }

    static DeliveryOutcome noTlsEngine(Peer peer) {
        return noTls(peer, TLS_FAILED, "TLS is required, but our TLS engine is unavailable");
    }

    static DeliveryOutcome handshakeFailed(Peer peer) {
        return noTls(peer, TLS_FAILED, "Cannot start TLS: handshake failure");
    }

    static DeliveryOutcome notVerified(Peer peer) {
        return noTls(peer, TLS_FAILED, "Server certificate not verified");
    }

    private static DeliveryOutcome noTls(Peer peer, EnhancedStatus status, String text) {
        return ours(Kind.DEFERRED, Scope.SITE, status, text, peer.relay());
    }

    /** What is demanded of the next hop is not known. */
    static DeliveryOutcome noTlsPolicy(String fault) {
        EnhancedStatus status = fault.equals(TlsPolicy.TABLE_UNAVAILABLE) ? LOCAL_ERROR : TLS_FAILED;
        return ours(Kind.DEFERRED, Scope.RECIPIENT, status, fault, DeliveryOutcome.NO_RELAY);
    }

    /** REQUIRETLS: there could be no session to a server that is proven to be the right one. It is no fault of the site. */
    static DeliveryOutcome encryptionNeeded(DeliveryOutcome why) {
        return new DeliveryOutcome(
                Kind.DEFERRED,
                Scope.MESSAGE,
                ENCRYPTION_NEEDED,
                "REQUIRETLS needs encryption: " + why.text(),
                why.relay(),
                1,
                null,
                null);
    }

    /** The same of a server that would not have to prove anything. */
    static DeliveryOutcome unproven(Peer peer) {
        return encryptionNeeded(noTlsPolicy("there is no TLS policy that host " + peer.label() + " is verified by"));
    }

    static DeliveryOutcome requireTlsNotOffered(Peer peer, int useCount) {
        return new DeliveryOutcome(
                Kind.DEFERRED,
                Scope.MESSAGE,
                REQUIRETLS_NEEDED,
                "REQUIRETLS support is required, but was not offered by host " + peer.label(),
                peer.relay(),
                useCount,
                peer.host(),
                null);
    }

    /** A server was not good enough for the message, for one of the reasons above. */
    static boolean isUnfit(DeliveryOutcome outcome) {
        return outcome.diagnostic() == null
                && (outcome.status().equals(ENCRYPTION_NEEDED)
                        || outcome.status().equals(REQUIRETLS_NEEDED));
    }

    /** Of recipients for whom no server was good enough: nobody need wait for others (RFC 8689 §4.2.1). */
    static void settleUnfit(DeliveryOutcome[] outcomes) {
        for (int i = 0; i < outcomes.length; i++) {
            DeliveryOutcome last = outcomes[i];
            if (last.kind() == Kind.DEFERRED && isUnfit(last)) {
                outcomes[i] = last.with(Kind.BOUNCED, last.status().withClass(5), last.text());
            }
        }
    }

    static DeliveryOutcome noRequireTlsPolicy(String nextHop) {
        return noTlsPolicy("REQUIRETLS policy lookup error for next-hop destination " + nextHop);
    }

    // AUTH. ----------------------------------------------------------------------------------------------------------

    /** A server has said no to AUTH. {@code softBounce}: what is for good is for now. */
    static DeliveryOutcome notLoggedIn(Peer peer, SmtpReplyDecoder reply, boolean softBounce) {
        boolean bounced = reply.code() / 100 == 5 && !softBounce;
        EnhancedStatus status = status(reply);
        String text = reply.text();
        return new DeliveryOutcome(
                bounced ? Kind.BOUNCED : Kind.DEFERRED,
                Scope.SITE,
                bounced ? status : status.withClass(4),
                "SASL authentication failed; server " + peer.label() + " said: " + text,
                peer.relay(),
                1,
                peer.host(),
                text);
    }

    /** AUTH has come to nothing on our side. */
    static DeliveryOutcome cannotLogIn(Peer peer, String why) {
        return ours(
                Kind.DEFERRED,
                Scope.SITE,
                SECURITY,
                "SASL authentication failed; cannot authenticate to server " + peer.label() + ": " + why,
                peer.relay());
    }

    /** Nobody can say whether there is a password for it. */
    static DeliveryOutcome noCredentials(Peer peer) {
        return ours(
                Kind.DEFERRED,
                Scope.SITE,
                LOCAL_ERROR,
                "local data error while talking to " + peer.label(),
                peer.relay());
    }

    // Connections. ---------------------------------------------------------------------------------------------------

    static DeliveryOutcome connectFailed(Peer peer, Throwable cause) {
        return ours(
                Kind.DEFERRED,
                Scope.SITE,
                NO_ANSWER,
                "connect to " + peer.relay() + ": " + systemError(cause),
                DeliveryOutcome.NO_RELAY);
    }

    /** The local address is not ours. */
    static boolean isBindFailure(Throwable cause) {
        return cause instanceof BindException
                || cause.getCause() instanceof BindException
                || String.valueOf(cause.getMessage()).startsWith("bind(");
    }

    static DeliveryOutcome cannotBind() {
        return ours(Kind.DEFERRED, Scope.SITE, BIND_FAILED, "server configuration error", DeliveryOutcome.NO_RELAY);
    }

    static String systemError(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "Connection timed out";
        }
        if (cause instanceof FileNotFoundException) {
            return NO_FILE;
        }
        String message = String.valueOf(cause.getMessage());
        for (String error : SYSTEM_ERRORS) {
            if (message.contains(error)) {
                return error;
            }
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : message;
    }

    static DeliveryOutcome lost(Peer peer, SessionStage stage) {
        return broken(peer, "lost connection with " + peer.label() + " while " + stage.doing);
    }

    static DeliveryOutcome timedOut(Peer peer, SessionStage stage) {
        return broken(peer, "conversation with " + peer.label() + " timed out while " + stage.doing);
    }

    private static DeliveryOutcome broken(Peer peer, String text) {
        return ours(Kind.DEFERRED, Scope.SITE, BAD_CONNECTION, text, peer.relay());
    }

    /** The server took a message that it had not got yet. */
    static DeliveryOutcome outOfStep(Peer peer, SessionStage stage, String excerpt) {
        return ours(
                Kind.DEFERRED,
                Scope.SITE,
                PROTOCOL_ERROR,
                "remote protocol error in reply from " + peer.label() + " while " + stage.doing + ": " + excerpt,
                peer.relay());
    }

    // Ourselves. -----------------------------------------------------------------------------------------------------

    static DeliveryOutcome noRoute(NoRoute answer) {
        Kind kind = answer.status().statusClass() == 5 ? Kind.BOUNCED : Kind.DEFERRED;
        Scope scope = answer.nameServerFailure() ? Scope.SITE : Scope.RECIPIENT;
        return ours(kind, scope, answer.status(), answer.text(), DeliveryOutcome.NO_RELAY);
    }

    static DeliveryOutcome badNextHop(String nextHop) {
        return ours(
                Kind.DEFERRED,
                Scope.RECIPIENT,
                BAD_CONFIGURATION,
                "invalid next-hop destination: " + nextHop,
                DeliveryOutcome.NO_RELAY);
    }

    /** A server of our own name is ourselves. If another host is preferred, the error is there, and mail is deferred. */
    static DeliveryOutcome greetedByOurself(Peer peer, String nextHop, boolean best) {
        return ours(
                best ? Kind.BOUNCED : Kind.DEFERRED,
                Scope.RECIPIENT,
                best ? LOOP : LOOP.withClass(4),
                "mail for " + nextHop + " loops back to myself",
                peer.relay());
    }

    static DeliveryOutcome tooBig(Peer peer, int useCount, long sizeBytes, long limitBytes) {
        return refusal(
                peer,
                useCount,
                TOO_BIG,
                "message size " + sizeBytes + " exceeds size limit " + limitBytes + " of server " + peer.label());
    }

    static DeliveryOutcome needsUtf8(Peer peer, int useCount) {
        return refusal(peer, useCount, NEEDS_UTF8, "SMTPUTF8 is required, but was not offered by host " + peer.label());
    }

    private static DeliveryOutcome refusal(Peer peer, int useCount, EnhancedStatus status, String text) {
        return new DeliveryOutcome(
                Kind.BOUNCED, Scope.MESSAGE, status, text, peer.relay(), useCount, peer.host(), null);
    }

    static DeliveryOutcome unreadable(IOException cause) {
        return ours(
                Kind.DEFERRED,
                Scope.MESSAGE,
                LOCAL_ERROR,
                "cannot read message: " + cause.getMessage(),
                DeliveryOutcome.NO_RELAY);
    }

    /** A bug. The text helps to find it. */
    static DeliveryOutcome internalError(Throwable cause) {
        StackTraceElement[] stack = cause.getStackTrace();
        return ours(
                Kind.DEFERRED,
                Scope.MESSAGE,
                LOCAL_ERROR,
                "internal error: " + cause + (stack.length == 0 ? "" : " at " + stack[0]),
                DeliveryOutcome.NO_RELAY);
    }

    static DeliveryOutcome shuttingDown() {
        return ours(
                Kind.DEFERRED,
                Scope.SESSION,
                SHUTTING_DOWN,
                "delivery stopped: mail system is shutting down",
                DeliveryOutcome.NO_RELAY);
    }

    private static DeliveryOutcome ours(Kind kind, Scope scope, EnhancedStatus status, String text, String relay) {
        return new DeliveryOutcome(kind, scope, status, text, relay, 1, null, null);
    }

    /** The text when the outcome counts against the destination's concurrency window, else null. */
    static @Nullable String siteFailure(DeliveryOutcome outcome) {
        return outcome.scope() == Scope.SITE && outcome.kind() == Kind.DEFERRED ? outcome.text() : null;
    }
}
