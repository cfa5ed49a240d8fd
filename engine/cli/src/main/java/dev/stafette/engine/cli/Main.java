// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.instance.PostfixCommand;
import dev.stafette.engine.cli.instance.PostkickCommand;
import dev.stafette.engine.cli.instance.PostlockCommand;
import dev.stafette.engine.cli.instance.PostlogCommand;
import dev.stafette.engine.cli.instance.PostmultiCommand;
import dev.stafette.engine.cli.load.SmtpSinkCommand;
import dev.stafette.engine.cli.load.SmtpSourceCommand;
import dev.stafette.engine.cli.maps.PostaliasCommand;
import dev.stafette.engine.cli.maps.PostmapCommand;
import dev.stafette.engine.cli.queue.PostcatCommand;
import dev.stafette.engine.cli.queue.PostqueueCommand;
import dev.stafette.engine.cli.queue.PostsuperCommand;
import dev.stafette.engine.cli.queue.QshapeCommand;
import dev.stafette.engine.cli.submission.PostdropCommand;
import dev.stafette.engine.cli.submission.SendmailCommand;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.postconf.PostconfCommand;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where every command starts: the launcher gives the name it was called by as the first word.
 * Thread: main.
 */
public final class Main {
    private static final int OUT_BUFFER_BYTES = 64 * 1024;

    private Main() {}

    /** Ends the process. */
    public static void main(String[] words) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
        int exitCode = run(words, new Terminal(System.in, out, System.err, LocalHost.environment()));
        out.flush();
        System.exit(exitCode);
    }

    static int run(String[] words, Terminal terminal) {
        String name = words.length == 0 ? "" : words[0];
        String[] arguments = words.length == 0 ? words : Arrays.copyOfRange(words, 1, words.length);
        try {
            // The list of commands. A switch, as a map would load every one of them.
            return switch (name) {
                case "postfix" -> new PostfixCommand(terminal).run(arguments);
                case "postcat" -> new PostcatCommand(terminal).run(arguments);
                case "postconf" -> new PostconfCommand(terminal).run(arguments);
                case "postmulti" -> new PostmultiCommand(terminal).run(arguments);
                case "postqueue" -> new PostqueueCommand(terminal).run(arguments);
                case "mailq" -> new PostqueueCommand(terminal).runMailq(arguments);
                case "postsuper" -> new PostsuperCommand(terminal).run(arguments);
                case "qshape" -> new QshapeCommand(terminal, System.console() != null).run(arguments);
                case "postkick" -> new PostkickCommand(terminal).run(arguments);
                case "postlock" -> new PostlockCommand(terminal).run(arguments);
                case "postlog" -> new PostlogCommand(terminal).run(arguments);
                case "postdrop" -> new PostdropCommand(terminal).run(arguments);
                case "sendmail" -> new SendmailCommand(terminal).run(arguments);
                case "postmap" -> new PostmapCommand(terminal).run(arguments);
                case "postalias" -> new PostaliasCommand(terminal).run(arguments);
                case "newaliases" -> new PostaliasCommand(terminal).runNewaliases(arguments);
                case "smtp-source" -> new SmtpSourceCommand(terminal).run(arguments);
                case "smtp-sink" -> new SmtpSinkCommand(terminal).run(arguments);
                case "stafette" -> new StafetteCommand(terminal).run(arguments);
                default ->
                    terminal.fatal(
                            "stafette", ExitCode.USAGE, "no such command: '" + name + "' (expected: a command of bin)");
            };
        } catch (ConfigException e) {
            return terminal.fatal(name, ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
