// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.delivery.mailbox.MailboxLock;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import dev.stafette.delivery.mailbox.SystemReason;
import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code postlock}: runs a command while it holds the locks of a mailbox, and ends with the command's exit code; with 75
 * when the locks cannot be had.
 * Thread: main.
 */
public final class PostlockCommand {
    private static final String NAME = "postlock";
    private static final String USAGE = "usage: postlock [-c config_dir] [-l lock_style] [-v] folder command...";

    private final Terminal terminal;

    public PostlockCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:l:v", arguments, 0);
        String named = "";
        String styles = "";
        for (Flags.Flag flag : flags.all()) {
            named = flag.letter() == 'c' ? flag.argument() : named;
            styles = flag.letter() == 'l' ? flag.argument() : styles;
        }
        if (flags.areWrong()) {
            terminal.err().println(NAME + ": " + flags.complaint());
        }
        List<String> operands = flags.operands();
        if (flags.areWrong() || operands.size() < 2) {
            return fatal(USAGE);
        }
        try {
            Settings settings = Configuration.readMainCf(ConfigDirectory.find(terminal, named), new LocalHost())
                    .settings();
            String asked = styles.isEmpty() ? settings.text("mailbox_delivery_lock") : styles;
            return lockAndRun(settings, asked, Path.of(operands.get(0)), operands.subList(1, operands.size()));
        } catch (ConfigException e) {
            return fatal(String.valueOf(e.getMessage()));
        }
    }

    private int lockAndRun(Settings settings, String styles, Path folder, List<String> command) {
        List<LockStyle> locks = new ArrayList<>();
        for (String word : styles.split("[,\\s]+")) {
            LockStyle style = LockStyle.parse(word.toLowerCase(Locale.ROOT));
            if (style == null) {
                return fatal("unknown mailbox_delivery_lock value \"" + word + "\" in \"" + styles + "\"");
            }
            locks.add(style);
        }
        // In the directory itself others may write: what is made there is new, and no link is followed.
        Path directory = folder.toAbsolutePath().getParent();
        Strangers strangers = directory == null ? Strangers.NONE : Strangers.onTheWayTo(directory);
        if (strangers.exist()) {
            return fatal("open file " + folder + ": " + AsOwner.refusal(strangers));
        }
        MailboxSettings how = new MailboxSettings(
                locks,
                settings.count("deliver_lock_attempts"),
                settings.time("deliver_lock_delay"),
                settings.time("stale_lock_time"),
                0,
                false);
        try {
            MailboxLock lock = MailboxLock.take(folder, how);
            try (lock) {
                return execute(command);
            }
        } catch (IOException e) {
            return fatal("open file " + folder + ": " + SystemReason.text(e));
        }
    }

    private int execute(List<String> command) {
        terminal.out().flush();
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, "execvp " + command.get(0) + ": No such file or directory");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.TRY_AGAIN;
        }
    }

    private int fatal(String text) {
        return terminal.fatal(NAME, ExitCode.TRY_AGAIN, text);
    }
}
