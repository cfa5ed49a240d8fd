// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.cli.maps.PostaliasCommand;
import dev.stafette.engine.cli.queue.PostqueueCommand;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Launcher;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;

/**
 * {@code sendmail}: what every program that sends mail calls, and what old start scripts and habits call for all the rest.
 * Thread: main.
 *
 * <p>Flags, texts and codes are Postfix's, which ends with 75 whatever is wrong, so that a careful caller tries again.
 */
public final class SendmailCommand {
    static final String NAME = "sendmail";

    private final Terminal terminal;

    public SendmailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        SendmailFlags flags = SendmailFlags.parse(terminal, arguments);
        if (flags == null) {
            return ExitCode.TRY_AGAIN;
        }
        try {
            return switch (flags.mode) {
                case SUBMIT, SMTP -> takeMail(flags);
                case DAEMON -> startDaemon(flags);
                case LIST -> postqueue().run(new String[] {"-c", directory(flags), "-p"});
                case FLUSH -> postqueue().run(new String[] {"-c", directory(flags), "-f"});
                case FLUSH_MESSAGE -> postqueue().run(new String[] {"-c", directory(flags), "-i", flags.flushed});
                case FLUSH_SITE -> postqueue().run(new String[] {"-c", directory(flags), "-s", flags.flushed});
                case ALIASES -> buildAliases(flags);
                case NOTHING -> ExitCode.OK;
            };
        } catch (ConfigException e) {
            return fatal(String.valueOf(e.getMessage()));
        }
    }

    private int buildAliases(SendmailFlags flags) {
        try {
            return new PostaliasCommand(terminal).runNewaliases(new String[] {"-C", directory(flags)});
        } catch (ConfigException e) {
            return terminal.fatal("newaliases", ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private PostqueueCommand postqueue() {
        return new PostqueueCommand(terminal);
    }

    private int takeMail(SendmailFlags flags) {
        SubmissionSettings settings = SubmissionSettings.read(ConfigDirectory.find(terminal, flags.configDirectory));
        String refusal = settings.refusal();
        if (!refusal.isEmpty()) {
            return fatal(refusal);
        }
        return flags.mode == SendmailFlags.Mode.SMTP
                ? new SmtpOnInput(terminal, settings).run()
                : new SubmitStep(terminal, flags).run(settings);
    }

    /** As a start script of old expects: the intervals of {@code -q} are main.cf's business. */
    private int startDaemon(SendmailFlags flags) {
        return Launcher.run(terminal, NAME, "postfix", "-c", directory(flags), "start");
    }

    private String directory(SendmailFlags flags) {
        return ConfigDirectory.find(terminal, flags.configDirectory).toString();
    }

    private int fatal(String text) {
        return terminal.fatal(NAME, ExitCode.TRY_AGAIN, text);
    }

    /** For messages about what a user did: {@code name(uid): }. */
    static String caller() {
        return LocalHost.userName() + "(" + LocalHost.userId() + "): ";
    }
}
