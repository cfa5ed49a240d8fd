// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.report.MailReport;
import dev.stafette.codec.report.MailReport.Kind;
import dev.stafette.codec.report.ReportedRecipient;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.feedback.ReportEvent.Source;
import dev.stafette.engine.feedback.ReturnAddresses.Found;
import dev.stafette.engine.log.MailLog;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells the event log and the mail log what reports say, each once.
 * Thread: worker.
 */
final class ReportRecorder {
    private static final String PROGRAM = "feedback";
    private static final ReportedRecipient NOBODY = new ReportedRecipient("", "", "failed", null, "", "");

    /** Of one report, in the mail log. */
    private static final int LINES_MAX = 20;

    private final ReturnAddresses addresses;
    private final FeedbackRules rules;
    private final SeenReports seen;
    private final @Nullable EventLog events;

    ReportRecorder(ReturnAddresses addresses, FeedbackRules rules, SeenReports seen, @Nullable EventLog events) {
        this.addresses = addresses;
        this.rules = rules;
        this.seen = seen;
        this.events = events;
    }

    /** {@code to}: one of the addresses that it has come to. */
    void record(MailReport report, MailAddress to, String reportId, long nowMs, MailLog log) {
        Found found = addresses.find(to, nowMs);
        String head = reportId + ": to=<" + to.external() + ">, ";
        if (report.kind() == Kind.ORDINARY || report.kind() == Kind.AUTO_REPLY) {
            log.info(PROGRAM, head + (report.kind() == Kind.ORDINARY ? "not a report" : "an automatic reply"));
            return;
        }
        ReportedMessage about = ReportedMessage.of(to, found, report, addresses, rules, nowMs);
        List<ReportedRecipient> recipients = report.recipients();
        if (recipients.isEmpty()) {
            recipients = List.of(NOBODY);
        } else if (about.recipient() != null && recipients.size() > 1) {
            // The message was for one alone, whoever else the report speaks of.
            recipients = recipients.subList(0, 1);
        }
        int lineCount = 0;
        for (ReportedRecipient said : recipients) {
            lineCount++;
            record(event(report, about, said, reportId, nowMs), head, lineCount <= LINES_MAX ? log : null);
        }
    }

    private static ReportEvent event(
            MailReport report, ReportedMessage about, ReportedRecipient said, String reportId, long nowMs) {
        boolean isComplaint = report.kind() == Kind.COMPLAINT;
        MailAddress known = about.recipient();
        Source source = known == null
                ? said.address().isEmpty() ? Source.NONE : Source.REPORT
                : about.isVerp() ? Source.VERP : Source.SEAL;
        String type = report.fields().first("Feedback-Type").toLowerCase(Locale.ROOT);
        String reporter = report.fields().first(isComplaint ? "User-Agent" : "Reporting-MTA");
        return new ReportEvent(
                isComplaint ? "complaint" : "bounced-async",
                nowMs,
                reportId,
                about,
                known == null ? said.address() : known.external(),
                source,
                said,
                isComplaint ? type.isEmpty() ? "abuse" : type : "",
                reporter);
    }

    private void record(ReportEvent event, String head, @Nullable MailLog log) {
        ReportedMessage about = event.about();
        String what = head + event.name() + " of=<" + event.recipient() + ">"
                + (about.queueId().isEmpty() ? "" : ", id=" + about.queueId())
                + (about.tenant().isEmpty() ? "" : ", tenant=" + about.tenant())
                + (about.campaign().isEmpty() ? "" : ", campaign=" + about.campaign());
        boolean isComplaint = !event.feedbackType().isEmpty();
        if (!isComplaint && !event.said().isFailed()) {
            tell(log, what + ", action=" + event.said().action() + ": no event");
            return;
        }
        String id = event.name()
                + ' '
                + event.recipient()
                + ' '
                + about.queueId()
                + ' '
                + about.messageId()
                + ' '
                + about.sender();
        boolean isKnown = !about.queueId().isEmpty() || !about.messageId().isEmpty();
        if (isKnown && !seen.add(id)) {
            tell(log, what + ": told before");
            return;
        }
        tell(
                log,
                what
                        + (isComplaint
                                ? ", type=" + event.feedbackType()
                                : ", class=" + event.className(rules.classes())));
        if (events != null) {
            events.offer(event);
        }
    }

    private static void tell(@Nullable MailLog log, String line) {
        if (log != null) {
            log.info(PROGRAM, line);
        }
    }
}
