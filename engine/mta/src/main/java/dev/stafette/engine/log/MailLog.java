// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.tls.TlsSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The mail log: one method an event, which is the one place for its wording.
 * Thread: any. A line costs well below a microsecond and no garbage; nothing waits for the file, except that a thread
 * that finds the ring full waits a bounded time, once, before lines are dropped and counted.
 *
 * <p>{@code client} is {@code name[address]} everywhere, put together once a session. Queue ids are in their text form;
 * null stands for no message yet. Addresses come without angle brackets. What peers said may be passed on as it is:
 * control characters are made printable here.
 */
public final class MailLog implements AutoCloseable {
    // What every message has in its lines stands ready as bytes.
    private static final byte[] CLIENT = ascii(": client=");
    private static final byte[] MESSAGE_ID = ascii(": message-id=");
    private static final byte[] FROM = ascii(": from=<");
    private static final byte[] SIZE = ascii(">, size=");
    private static final byte[] RECIPIENTS = ascii(", nrcpt=");
    private static final byte[] ACTIVE = ascii(" (queue active)");
    private static final byte[] REMOVED = ascii(": removed");
    private static final byte[] TO = ascii(": to=<");
    private static final byte[] RELAY = ascii(">, relay=");
    private static final byte[] CONNECTION_USES = ascii(", conn_use=");
    private static final byte[] DELAY = ascii(", delay=");
    private static final byte[] DELAYS = ascii(", delays=");
    private static final byte[] DSN = ascii(", dsn=");
    private static final byte[] STATUS = ascii(", status=");
    private static final byte[] TEXT = ascii(" (");
    private static final byte[] TEXT_END = ascii(")");

    private static final String NO_QUEUE_ID = "NOQUEUE";
    private static final String MASTER = "master";

    /** Of a field or line that is shown. */
    private static final int CONTENT_MAX = 200;

    private final LogPipe pipe;

    /** Replaced by a reload. */
    private volatile LogHeads heads;

    private MailLog(LogHeads heads, LogPipe pipe) {
        this.pipe = pipe;
        this.heads = heads;
    }

    /** Opens the file and starts the thread that writes it. Throws when the file cannot be opened. */
    public static MailLog open(LogSettings settings) throws IOException {
        return new MailLog(new LogHeads(settings), LogPipe.open(settings, System::currentTimeMillis));
    }

    static MailLog of(LogSettings settings, LogPipe pipe) {
        return new MailLog(new LogHeads(settings), pipe);
    }

    /**
     * The same log for a service with its own syslog_name, which holds for the program of its row alone; not to be closed, nor
     * reloaded.
     */
    public MailLog withSyslogName(String syslogName, String program) {
        return new MailLog(new LogHeads(heads.settings, syslogName, program), pipe);
    }

    /** From now on, perhaps in another file; if that cannot be had, the old one goes on, and says so. */
    public void reload(LogSettings changed) {
        LogSettings before = heads.settings;
        heads = new LogHeads(changed);
        if (!changed.isSameOutput(before)) {
            pipe.changeOutput(changed);
        }
    }

    // ---- smtpd ----

    public void connected(String client) {
        end(begin(heads.smtpd).put("connect from ").put(client));
    }

    /** {@code counts}: what {@code commands=} and the rest show. */
    public void disconnected(String client, CommandCounts counts) {
        LogLine line = begin(heads.smtpd).put("disconnect from ").put(client);
        counts.print(line);
        end(line);
    }

    /** A message has been given its id. */
    public void clientOf(String queueId, String client) {
        end(begin(heads.smtpd).put(queueId).put(CLIENT).put(client));
    }

    /** {@code lastCommand}: the verb, or CONNECT; {@code dataBytes} are shown after DATA, negative: not. */
    public void connectionLost(String lastCommand, long dataBytes, String client) {
        end(cutOff("lost connection after ", lastCommand, dataBytes, client));
    }

    public void timedOut(String lastCommand, long dataBytes, String client) {
        end(cutOff("timeout after ", lastCommand, dataBytes, client));
    }

    public void tooManyErrors(String lastCommand, String client) {
        end(cutOff("too many errors after ", lastCommand, -1, client));
    }

    private LogLine cutOff(String what, String lastCommand, long dataBytes, String client) {
        LogLine line = begin(heads.smtpd).put(what).put(lastCommand);
        if (dataBytes >= 0) {
            line.put(" (").number(dataBytes).put(" bytes)");
        }
        return line.put(" from ").put(client);
    }

    /** {@code stage}: the command that was refused, or CONNECT or END-OF-MESSAGE. */
    public void rejected(@Nullable String queueId, String stage, String client, SmtpReply reply, RejectedMail mail) {
        rejected(": reject: ", queueId, stage, client, reply, mail);
    }

    /** As {@link #rejected}, for what {@code warn_if_reject} lets through. */
    public void rejectWarning(
            @Nullable String queueId, String stage, String client, SmtpReply reply, RejectedMail mail) {
        rejected(": reject_warning: ", queueId, stage, client, reply, mail);
    }

    private void rejected(
            String what, @Nullable String queueId, String stage, String client, SmtpReply reply, RejectedMail mail) {
        LogLine line = begin(heads.smtpd)
                .put(queueId == null ? NO_QUEUE_ID : queueId)
                .put(what)
                .put(stage)
                .put(" from ")
                .put(client)
                .put(": ")
                .put(reply.logText())
                .put(";");
        print(line, mail);
        end(line);
    }

    /** {@code what} is done, or only told, as an access table wants it: {@code hold}, {@code info} and the like. */
    public void ordered(
            @Nullable String queueId, String what, String stage, String client, String text, RejectedMail mail) {
        LogLine line = begin(heads.smtpd).put(queueId == null ? NO_QUEUE_ID : queueId);
        line.put(": ").put(what).put(": ").put(stage).put(" from ").put(client);
        line.put(": ").put(text).put(";");
        print(line, mail);
        end(line);
    }

    /** As {@link #ordered}, by a filter that has seen the content. */
    public void inspected(String queueId, String what, String stage, String client, String text, RejectedMail mail) {
        LogLine line = begin(heads.cleanup)
                .put(queueId)
                .put(": ")
                .put(what)
                .put(": ")
                .put(stage)
                .put(" from ");
        line.put(client).put(": ").put(text).put(";");
        print(line, mail);
        end(line);
    }

    /** What a filter in front of the queue has said: {@code accept} or {@code reject}. */
    public void proxied(String what, String stage, String reply, RejectedMail mail) {
        LogLine line =
                begin(heads.smtpd).put("proxy-").put(what).put(": ").put(stage).put(": ");
        line.put(reply).put(";");
        print(line, mail);
        end(line);
    }

    /** Without a queue id, as in Postfix: by how the line begins, programs know clients that have to be kept away. */
    public void improperPipelining(String lastCommand, String client, String input) {
        LogLine line = begin(heads.smtpd).put("improper command pipelining after ");
        line.put(lastCommand).put(" from ");
        end(line.put(client).put(": ").put(input));
    }

    public void nonSmtpCommand(String client, String input) {
        end(begin(heads.smtpd)
                .put("warning: non-SMTP command from ")
                .put(client)
                .put(": ")
                .put(input));
    }

    /** {@code excerpt}: how the command begins. */
    public void commandTooLong(String client, int lengthMax, String excerpt) {
        LogLine line = begin(heads.smtpd).put("warning: ").put(client).put(": request longer than ");
        end(line.number(lengthMax).put(": ").put(excerpt).put("..."));
    }

    public void etrnRejected(String client, String domain) {
        LogLine line = begin(heads.smtpd).put("warning: reject: ETRN ").put(domain);
        end(line.put("... from ").put(client));
    }

    public void bareLineFeed(@Nullable String queueId, String client, String stage) {
        LogLine line = begin(heads.smtpd).put(queueId == null ? NO_QUEUE_ID : queueId);
        line.put(": reject: bare <LF> received after ").put(stage).put(" from ");
        end(line.put(client));
    }

    /** {@code limit}: what there is too much of. */
    public void limitExceeded(String limit, int count, String client, String service) {
        LogLine line = begin(heads.smtpd).put("warning: ").put(limit).put(" limit exceeded: ");
        end(line.number(count).put(" from ").put(client).put(" for service ").put(service));
    }

    /** A handshake is over, and all is well. */
    public void tlsFrom(String client, TlsSession tls) {
        end(begin(heads.smtpd).put(established(client, tls)));
    }

    /** As the log has it of any server. */
    public static String established(String client, TlsSession tls) {
        return tls.trust().word() + " TLS connection " + (tls.isResumed() ? "reused" : "established") + " from "
                + client + (tls.serverName().isEmpty() ? "" : " to " + tls.serverName()) + ": " + tls.text();
    }

    /** No connection can be had: {@code why}. */
    public void acceptFailed(String why) {
        end(begin(heads.smtpd).put("error: accept connection: ").put(why));
    }

    // ---- master ----

    /** How many sessions a service may have, and why so many. */
    public void processLimit(String service, int max, String origin) {
        LogLine line = begin(heads.of(MASTER)).put("service \"").put(service).put("\": process limit ");
        end(line.number(max).put(" (").put(origin).put(")"));
    }

    /** The descriptors of the process do not suffice for that. */
    public void processLimitTooHigh(String service, int max, int possible) {
        LogLine line = begin(heads.of(MASTER)).put("warning: service \"").put(service);
        line.put("\": process limit ")
                .number(max)
                .put(" is more than half of the open files that the process may have: ");
        end(line.number(possible)
                .put(" sessions at a time, of all services together (raise LimitNOFILE, or ulimit -n)"));
    }

    /** Before anybody has to wait. {@code endpoint}: where it listens, as Postfix's master shows it. */
    public void stressBegins(String service, String endpoint, int count, int max) {
        LogLine line = begin(heads.of(MASTER))
                .put("warning: service \"")
                .put(service)
                .put("\" (")
                .put(endpoint);
        line.put(") has ")
                .number(count)
                .put(" sessions, and its process limit is \"")
                .number(max);
        end(line.put("\": clients have to be quick from now on (stress)"));
    }

    /** Clients have to wait. Postfix's words. */
    public void processLimitReached(String service, String endpoint, int max) {
        LogLine line = begin(heads.of(MASTER))
                .put("warning: service \"")
                .put(service)
                .put("\" (")
                .put(endpoint);
        line.put(") has reached its process limit \"").number(max);
        end(line.put("\": new clients may experience noticeable delays"));
        warning(
                MASTER,
                "to avoid this condition, increase the process count in master.cf or reduce the service time per"
                        + " client");
        warning(
                MASTER,
                "see http://www.postfix.org/STRESS_README.html for examples of stress-adapting configuration settings");
    }

    public void stressEnds(String service, String endpoint, long seconds) {
        LogLine line = begin(heads.of(MASTER))
                .put("service \"")
                .put(service)
                .put("\" (")
                .put(endpoint);
        end(line.put(") was below that for ").number(seconds).put("s: stress ends"));
    }

    // ---- cleanup, qmgr ----

    /** {@code messageId} with its angle brackets. */
    public void messageId(String queueId, String messageId) {
        end(begin(heads.cleanup).put(queueId).put(MESSAGE_ID).put(messageId));
    }

    /** The one that is added to a message which was resent. */
    public void resentMessageId(String queueId, String messageId) {
        end(begin(heads.cleanup).put(queueId).put(": resent-message-id=").put(messageId));
    }

    /** Something in the content of a message has met a table of checks. {@code where}: in a header, a body, or either. */
    public void checked(
            String queueId,
            String what,
            String where,
            String content,
            MessageClient client,
            RejectedMail mail,
            @Nullable String text) {
        LogLine line = begin(heads.cleanup).put(queueId).put(": ").put(what).put(": ");
        line.put(where).put(" ").put(content.substring(0, Math.min(content.length(), CONTENT_MAX)));
        line.put(" from ").put(client.client()).put(";");
        print(line, mail);
        end(text == null ? line : line.put(": ").put(text));
    }

    /** The parts of a message are not as they must be. */
    public void mimeFault(String queueId, String fault, String content, MessageClient client, RejectedMail mail) {
        LogLine line =
                begin(heads.cleanup).put(queueId).put(": reject: mime-error ").put(fault);
        line.put(": ").put(content).put(" from ").put(client.client()).put(";");
        print(line, new RejectedMail(mail.sender(), mail.recipient(), null, null));
        end(line);
    }

    public void active(String queueId, String sender, long sizeBytes, int recipientCount) {
        LogLine line =
                begin(heads.qmgr).put(queueId).put(FROM).put(address(sender)).put(SIZE);
        line.number(sizeBytes).put(RECIPIENTS).number(recipientCount);
        end(line.put(ACTIVE));
    }

    /** @param forced an operator said so, whatever its age */
    public void expired(String queueId, String sender, boolean forced) {
        LogLine line = begin(heads.qmgr).put(queueId).put(": from=<").put(address(sender));
        end(line.put(forced ? ">, status=force-expired" : ">, status=expired").put(", returned to sender"));
    }

    public void removed(String queueId) {
        end(begin(heads.qmgr).put(queueId).put(REMOVED));
    }

    // ---- delivery ----

    /**
     * One recipient's outcome.
     *
     * @param status what it counts as here, whatever its kind
     * @param program the transport's, without syslog_name: {@code smtp}, {@code discard}, {@code error}
     * @param originalRecipient what the client said, when it is another; null: the same
     */
    public void delivered(
            String program,
            String queueId,
            String recipient,
            @Nullable String originalRecipient,
            DeliveryStatus status,
            DeliveryOutcome outcome,
            Delays delays) {
        LogLine line = begin(heads.of(program)).put(queueId).put(TO).put(address(recipient));
        if (originalRecipient != null) {
            line.put(">, orig_to=<").put(address(originalRecipient));
        }
        line.put(RELAY).put(outcome.relay());
        if (outcome.connectionUseCount() > 1) {
            line.put(CONNECTION_USES).number(outcome.connectionUseCount());
        }
        print(line, delays);
        line.put(DSN).number(outcome.status().statusClass());
        line.put(".").number(outcome.status().subject());
        line.put(".").number(outcome.status().detail());
        line.put(STATUS).put(status.text());
        end(line.put(TEXT).put(outcome.text()).put(TEXT_END));
    }

    private void print(LogLine line, RejectedMail mail) {
        if (mail.sender() != null) {
            line.put(" from=<").put(address(mail.sender())).put(">");
        }
        if (mail.recipient() != null) {
            line.put(" to=<").put(address(mail.recipient())).put(">");
        }
        if (mail.protocol() != null) {
            line.put(" proto=").put(mail.protocol());
        }
        if (mail.helo() != null) {
            line.put(" helo=<").put(mail.helo()).put(">");
        }
    }

    private void print(LogLine line, Delays delays) {
        int digits = heads.settings.delayDigitsMax();
        line.put(DELAY).seconds(delays.totalNs(), digits);
        line.put(DELAYS).seconds(delays.beforeQueueNs(), digits);
        line.put("/").seconds(delays.inQueueNs(), digits);
        line.put("/").seconds(delays.connectNs(), digits);
        line.put("/").seconds(delays.transmitNs(), digits);
    }

    /** What an attempt met besides its outcome, as a transport words it. */
    public void deliveryNotice(String program, @Nullable String queueId, String text) {
        LogLine line = begin(heads.of(program));
        if (queueId != null) {
            line.put(queueId).put(": ");
        }
        end(line.put(text));
    }

    // ---- bounce ----

    public void senderNonDelivery(String queueId, String reportQueueId) {
        notification(queueId, ": sender non-delivery notification: ", reportQueueId);
    }

    public void senderDelay(String queueId, String reportQueueId) {
        notification(queueId, ": sender delay notification: ", reportQueueId);
    }

    public void senderDeliveryStatus(String queueId, String reportQueueId) {
        notification(queueId, ": sender delivery status notification: ", reportQueueId);
    }

    /** Of the kinds that the postmaster hears of. */
    public void postmasterNotified(String queueId, DsnKind kind, String reportQueueId) {
        String what = kind == DsnKind.DELAY
                ? ": postmaster delay notification: "
                : ": postmaster non-delivery notification: ";
        notification(queueId, what, reportQueueId);
    }

    /** A notice to the postmaster could not be delivered. */
    public void noticeDiscarded(String queueId) {
        warning("bounce", queueId + ": undeliverable postmaster notification discarded");
    }

    private void notification(String queueId, String what, String reportQueueId) {
        end(begin(heads.bounce).put(queueId).put(what).put(reportQueueId));
    }

    /** {@code external}: with the quotes of RFC 5321; the form that lines have it in. */
    public String address(String external) {
        return heads.settings.internalAddresses() ? LogText.internal(external) : external;
    }

    // ---- the process ----

    /** {@code program}: {@code master}, {@code postfix-script}, {@code qmgr} … */
    public void info(String program, String text) {
        end(begin(heads.of(program)).put(text));
    }

    /** As {@link #info(String, String)}, with a time between two texts, in seconds. */
    public void info(String program, String before, long ns, String behind) {
        LogHeads current = heads;
        end(begin(current.of(program))
                .put(before)
                .seconds(ns, current.settings.delayDigitsMax())
                .put(behind));
    }

    public void warning(String program, String text) {
        end(begin(heads.of(program)).put("warning: ").put(text));
    }

    public void error(String program, String text) {
        end(begin(heads.of(program)).put("error: ").put(text));
    }

    public void fatal(String program, String text) {
        end(begin(heads.of(program)).put("fatal: ").put(text));
    }

    /** Writes what has been logged and ends the thread. */
    @Override
    public void close() {
        pipe.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private LogLine begin(byte[] head) {
        return pipe.begin().put(head);
    }

    private void end(LogLine line) {
        pipe.offer(line.end());
    }
}
