// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

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
import dev.stafette.engine.log.LogFile;
import dev.stafette.engine.log.LogText;
import dev.stafette.engine.log.SyslogOutput;
import dev.stafette.engine.pickup.Account;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;

/**
 * {@code postlog}: writes lines of scripts into the mail log, like {@code logger}: those of its command line, or else of
 * its input.
 * Thread: main.
 *
 * <p>They are appended to {@code maillog_file} in one write each, whoever else writes there; without that parameter they
 * go where the mail log goes: to syslog, or on a machine without it to standard error.
 */
public final class PostlogCommand {
    private static final String NAME = "postlog";

    private final Terminal terminal;
    private String tag = "";
    private String prefix = "";

    public PostlogCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:ip:t:v", arguments, 0);
        String named = "";
        String priority = "info";
        for (Flags.Flag flag : flags.all()) {
            switch (flag.letter()) {
                case 'c' -> named = flag.argument();
                case 'p' -> priority = flag.argument();
                case 't' -> tag = flag.argument();
                default -> {
                    // The process id is always told, and there is nothing more to say.
                }
            }
        }
        try {
            Settings settings = Configuration.readMainCf(ConfigDirectory.find(terminal, named), new LocalHost())
                    .settings();
            String self = settings.text("syslog_name") + "/" + NAME;
            tag = tag.isEmpty() ? self : tag;
            if (flags.areWrong()) {
                terminal.err().println(NAME + ": " + flags.complaint());
                return terminal.fatal(
                        self,
                        ExitCode.FAILED,
                        "usage: postlog [-c config_dir] [-i] [-p priority] [-t tag] [-v] [text]");
            }
            if (!takePriority(priority)) {
                return terminal.fatal(self, ExitCode.FAILED, "bad severity: \"" + priority + "\"");
            }
            return log(flags, settings, arguments);
        } catch (ConfigException | IOException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private boolean takePriority(String priority) {
        switch (priority) {
            case "info" -> prefix = "";
            case "warn", "warning" -> prefix = "warning: ";
            case "error", "err" -> prefix = "error: ";
            case "fatal", "crit" -> prefix = "fatal: ";
            case "panic" -> prefix = "panic: ";
            default -> {
                return false;
            }
        }
        return true;
    }

    private int log(Flags flags, Settings settings, String[] arguments) throws IOException {
        String file = settings.text("maillog_file");
        String head = LogText.head(
                settings.text("myhostname"), tag, ProcessHandle.current().pid());
        if (file.isEmpty() && SyslogOutput.isThere()) {
            try (SyslogOutput syslog = SyslogOutput.open(SyslogOutput.DEVICE, settings.choice("syslog_facility"))) {
                return each(flags, line -> {
                    if (syslog.write(stamped(head, line)) > 0) {
                        throw new IOException(SyslogOutput.DEVICE + " takes no lines");
                    }
                });
            }
        }
        if (file.isEmpty() || file.equals("/dev/stderr") || file.equals("/dev/stdout")) {
            return each(
                    flags,
                    line -> (file.equals("/dev/stdout") ? terminal.out() : terminal.err()).println(tag + ": " + line));
        }
        Path path = Path.of(file);
        Strangers strangers = Strangers.onTheWayThrough(path);
        if (strangers.exist()) {
            InputStream in = flags.operands().isEmpty() ? terminal.in() : InputStream.nullInputStream();
            return new AsOwner(terminal, NAME, strangers).run(ExitCode.FAILED, NAME, List.of(arguments), in);
        }
        boolean isNew = !Files.exists(path);
        try (FileChannel channel = LogFile.append(path, settings.choice("maillog_file_permissions"))) {
            String owner = settings.text("mail_owner");
            if (isNew && LocalHost.userId() == 0 && Account.find(owner) != null) {
                // Or the mail system could not write there.
                Account.giveTo(path, owner);
            }
            return each(flags, line -> channel.write(stamped(head, line)));
        }
    }

    private static ByteBuffer stamped(String head, String line) {
        String stamp = LogText.time(System.currentTimeMillis(), ZoneId.systemDefault());
        return ByteBuffer.wrap((stamp + head + line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private interface Line {
        void write(String line) throws IOException;
    }

    private int each(Flags flags, Line out) throws IOException {
        if (!flags.operands().isEmpty()) {
            out.write(prefix + LogText.printable(String.join(" ", flags.operands())));
            return ExitCode.OK;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.write(prefix + LogText.printable(line));
        }
        return ExitCode.OK;
    }
}
