// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.codec.envelope.VerpRules;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.pickup.Account;
import dev.stafette.engine.pickup.Handover;
import dev.stafette.engine.pickup.RecordWriter;
import dev.stafette.engine.pickup.SubmissionRecord;
import dev.stafette.engine.pickup.TraceFlags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands in one message, which stands on the input.
 * Thread: main.
 */
final class SubmitStep {
    private final Terminal terminal;
    private final SendmailFlags flags;

    /** Also stands in messages. */
    private String sender = "";

    private @Nullable Verp verp;

    SubmitStep(Terminal terminal, SendmailFlags flags) {
        this.terminal = terminal;
        this.flags = flags;
    }

    int run(SubmissionSettings settings) {
        sender = givenSender();
        if (!takeVerp(settings.main())) {
            return ExitCode.TRY_AGAIN;
        }
        List<String> recipients = namedRecipients();
        if (recipients.isEmpty() && !flags.fromHeader) {
            return fatal("Recipient addresses must be specified on the command line or via the -t option");
        }
        SenderRight right = SenderRight.of(settings, sender);
        if (!right.reason().isEmpty()) {
            return fatal(right.reason());
        }
        try (Handover handover = new MaildropWay(terminal, SendmailCommand.NAME, settings).begin()) {
            if (handover == null || !write(handover.records(), recipients, settings)) {
                return ExitCode.TRY_AGAIN;
            }
            handover.commit();
            if (flags.trace != TraceMode.NONE) {
                terminal.out().println("Mail Delivery Status Report will be mailed to <" + sender + ">.");
            }
            return ExitCode.OK;
        } catch (IOException e) {
            terminal.warn(SendmailCommand.NAME, String.valueOf(e));
            return fatal("queue file write error");
        }
    }

    /** False when it makes no sense, which has been said. */
    private boolean takeVerp(Settings main) {
        String delimiters = flags.verpDelimiters;
        if (delimiters == null) {
            return true;
        }
        VerpRules rules = new VerpRules(main.text("default_verp_delimiters"), main.text("verp_delimiter_filter"));
        verp = rules.choose(delimiters);
        if (verp == null) {
            terminal.fatal(
                    SendmailCommand.NAME, ExitCode.TRY_AGAIN, "-V requires two characters from " + rules.allowed());
            return false;
        }
        if (sender.isEmpty()) {
            fatal("-V option requires non-null sender address");
            return false;
        }
        return true;
    }

    private int fatal(String text) {
        String who = sender + "(" + LocalHost.userId() + "): ";
        return terminal.fatal(SendmailCommand.NAME, ExitCode.TRY_AGAIN, who + text);
    }

    private List<String> namedRecipients() {
        List<String> all = new ArrayList<>();
        for (String word : flags.recipients) {
            List<AddressList.Item> items = AddressList.parse(word, Integer.MAX_VALUE);
            for (AddressList.Item item : items) {
                all.add(item.address());
            }
            if (items.isEmpty()) {
                // The null address, which goes to whom empty_address_recipient names.
                all.add("");
            }
        }
        return all;
    }

    private boolean write(RecordWriter file, List<String> named, SubmissionSettings settings) throws IOException {
        envelope(file);
        recipients(file, named);
        file.put(SubmissionRecord.CONTENT, "");
        HeaderRecipients header = new HeaderRecipients(
                settings.main().count("header_size_limit"), settings.main().count("header_address_token_limit"));
        if (flags.trace == TraceMode.VERIFY) {
            probe(file);
        } else {
            content(file, header, settings);
        }
        file.put(SubmissionRecord.EXTRACTED, "");
        if (flags.fromHeader) {
            List<String> extracted = header.all();
            if (extracted.isEmpty() && named.isEmpty()) {
                fatal("No recipient addresses found in message header");
                return false;
            }
            recipients(file, extracted);
        }
        file.put(SubmissionRecord.END, "");
        if (file.isTooBig()) {
            fatal("message file too big");
            return false;
        }
        return true;
    }

    private void envelope(RecordWriter file) throws IOException {
        if (!flags.envelopeId.isEmpty()) {
            file.put(SubmissionRecord.ATTRIBUTE, "envelope_id=" + flags.envelopeId);
        }
        if (!flags.returned.isEmpty()) {
            file.put(SubmissionRecord.ATTRIBUTE, "ret_flags=" + flags.returned);
        }
        file.put(SubmissionRecord.ATTRIBUTE, "rewrite_context=" + (flags.isRemote ? "remote" : "local"));
        String fullName = fullName();
        if (!fullName.isEmpty() || flags.fullName != null) {
            file.put(SubmissionRecord.FULL_NAME, fullName);
        }
        file.put(SubmissionRecord.SENDER, sender);
        if (!flags.encoding.isEmpty()) {
            file.put(SubmissionRecord.ATTRIBUTE, "encoding=" + flags.encoding);
        }
        if (flags.requiresTls) {
            file.put(SubmissionRecord.ATTRIBUTE, "requiretls=yes");
        }
        if (flags.trace != TraceMode.NONE) {
            file.put(SubmissionRecord.ATTRIBUTE, TraceFlags.ATTRIBUTE + "=" + TraceFlags.value(flags.trace));
        }
        if (verp != null) {
            file.put(SubmissionRecord.VERP, verp.toString());
        }
    }

    private String fullName() {
        String given = flags.fullName;
        if (given != null) {
            return given;
        }
        String named = terminal.environment().getOrDefault("NAME", "");
        if (!named.isEmpty()) {
            return named;
        }
        Account account = Account.find(LocalHost.userName());
        return account == null ? "" : account.fullName();
    }

    private String givenSender() {
        String given = flags.sender;
        if (given == null) {
            return LocalHost.userName();
        }
        List<AddressList.Item> items = AddressList.parse(given, Integer.MAX_VALUE);
        if (items.size() > 1) {
            terminal.warn(SendmailCommand.NAME, "-f option specified malformed sender: " + given);
        }
        return items.isEmpty() ? "" : items.get(0).address();
    }

    private void recipients(RecordWriter file, List<String> addresses) throws IOException {
        for (String address : addresses) {
            // Nobody is told of what becomes of mail to the null address.
            if (flags.notifyBits != DsnNotify.UNSPECIFIED && !address.isEmpty()) {
                file.put(SubmissionRecord.ATTRIBUTE, "notify_flags=" + flags.notifyBits);
            }
            file.put(SubmissionRecord.RECIPIENT, address);
        }
    }

    /** What the report returns of a message that there is none of; the input is not read. */
    private void probe(RecordWriter file) throws IOException {
        if (!sender.isEmpty()) {
            file.put(SubmissionRecord.LINE, "From: " + sender);
        }
        file.put(SubmissionRecord.LINE, "Subject: probe");
        file.put(SubmissionRecord.PIECE, "To:");
        List<String> words = flags.recipients;
        for (int i = 0; i < words.size(); i++) {
            file.put(SubmissionRecord.LINE, "\t" + words.get(i) + (i + 1 < words.size() ? "," : ""));
        }
    }

    private void content(RecordWriter file, HeaderRecipients header, SubmissionSettings settings) throws IOException {
        MessageInput in = new MessageInput(terminal.in(), settings.main().count("line_length_limit"));
        String fixing = settings.main().choice("sendmail_fix_line_endings");
        boolean first = true;
        boolean strips = fixing.equals("always");
        boolean mayBeMailboxLine = true;
        boolean inHeader = flags.fromHeader;
        while (in.next()) {
            if (first && fixing.equals("strict")) {
                strips = in.length() > 0 && in.bytes()[in.length() - 1] == '\r';
            }
            first = false;
            if (mayBeMailboxLine && in.endsLine() && in.startsLine() && in.isMailboxLine()) {
                continue;
            }
            mayBeMailboxLine = false;
            if (strips && in.endsLine()) {
                in.stripCarriageReturns();
            }
            if (!flags.dotIsText && in.isDot()) {
                return;
            }
            inHeader = inHeader && header.add(in.bytes(), in.length(), in.startsLine());
            file.put(in.endsLine() ? SubmissionRecord.LINE : SubmissionRecord.PIECE, in.bytes(), 0, in.length());
        }
    }
}
