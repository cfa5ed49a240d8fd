// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.pickup.Handover;
import dev.stafette.engine.pickup.RecordReader;
import dev.stafette.engine.pickup.RecordWriter;
import dev.stafette.engine.pickup.SubmissionRecord;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/**
 * {@code postdrop}: takes a message in the form of records from its input, and puts it into {@code maildrop/}; for
 * {@code sendmail}, which may lack the rights to do so.
 * Thread: main.
 *
 * <p>What it says on its output is Postfix's own protocol: names and values that end in NUL, an empty name at the end; at
 * first the queue id, and at last a status.
 */
public final class PostdropCommand {
    static final String NAME = "postdrop";

    private static final int STATUS_OK = 0;

    /** Of Postfix's cleanup: a malformed message, a write that failed, a message beyond the limit. */
    private static final int STATUS_BAD = 1;

    private static final int STATUS_WRITE = 2;
    private static final int STATUS_SIZE = 4;

    private final Terminal terminal;

    public PostdropCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:rv", arguments, 0);
        String directory = "";
        for (Flags.Flag flag : flags.all()) {
            directory = flag.letter() == 'c' ? flag.argument() : directory;
        }
        if (flags.areWrong()) {
            terminal.err().println(NAME + ": " + flags.complaint());
            return terminal.fatal(NAME, ExitCode.FAILED, "usage: postdrop [-c config_dir] [-v]");
        }
        try {
            return take(SubmissionSettings.read(ConfigDirectory.find(terminal, directory)));
        } catch (ConfigException e) {
            return terminal.fatal(NAME, ExitCode.TRY_AGAIN, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            terminal.warn(NAME, SendmailCommand.caller() + e);
            return end(STATUS_WRITE);
        }
    }

    private int take(SubmissionSettings settings) throws IOException {
        String refusal = settings.refusal();
        if (!refusal.isEmpty()) {
            return terminal.fatal(NAME, ExitCode.FAILED, refusal);
        }
        try (Handover file = new MaildropWay(terminal, NAME, settings).begin()) {
            if (file == null) {
                return end(STATUS_WRITE);
            }
            say("protocol", "postdrop_protocol", "queue_id", file.id());
            RecordReader in = new RecordReader(Channels.newChannel(terminal.in()));
            Copied copied = copy(in, file.records(), settings);
            int last = copied.last();
            if (last == RecordReader.NO_MORE) {
                // Whoever had begun with it thought better of it: nobody waits for an answer.
                return ExitCode.OK;
            }
            if (last != SubmissionRecord.END) {
                terminal.warn(NAME, SendmailCommand.caller() + "malformed or incomplete message");
                return end(STATUS_BAD);
            }
            if (copied.right().status() != 0) {
                return end(copied.right().status(), copied.right().reason());
            }
            if (file.records().isTooBig()) {
                return end(STATUS_SIZE);
            }
            file.commit();
        }
        return end(STATUS_OK);
    }

    /** The time is ours. */
    private static Copied copy(RecordReader in, RecordWriter file, SubmissionSettings settings) throws IOException {
        SenderRight right = SenderRight.GIVEN;
        int type = in.next();
        while (type >= 0) {
            if (type != SubmissionRecord.TIME) {
                file.put(type, in.bytes(), 0, in.length());
            }
            if (type == SubmissionRecord.SENDER && right.status() == 0) {
                right = SenderRight.of(settings, new String(in.bytes(), 0, in.length(), StandardCharsets.UTF_8));
            }
            if (type == SubmissionRecord.END) {
                return new Copied(type, right);
            }
            type = in.next();
        }
        return new Copied(type, right);
    }

    private int end(int status) {
        return end(status, "");
    }

    private int end(int status, String reason) {
        say("status", Integer.toString(status), "reason", reason);
        return status == STATUS_OK ? ExitCode.OK : ExitCode.TRY_AGAIN;
    }

    private void say(String... namesAndValues) {
        for (String text : namesAndValues) {
            terminal.out().print(text);
            terminal.out().print('\0');
        }
        terminal.out().print('\0');
        terminal.out().flush();
    }

    /**
     * What has come.
     *
     * @param last the type of the last record
     * @param right of the caller to name the sender
     */
    private record Copied(int last, SenderRight right) {}
}
