// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code stafette}: what Postfix has no command for.
 * Thread: main.
 */
@Command(
        name = "stafette",
        description = "What Postfix has no command for; see also postfix, postqueue and mailq.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "stafette 0.1.0")
final class StafetteCommand {
    private final Terminal terminal;

    StafetteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The list of its commands. */
    private CommandLine commands() {
        return new CommandLine(this)
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new DkimCommand(terminal))
                .addSubcommand(new PasswdCommand(terminal))
                .addSubcommand(new PopauthCommand(terminal))
                .addSubcommand(new StafetteStats(terminal));
    }

    int run(String[] arguments) {
        CommandLine commands = commands();
        commands.setOut(new java.io.PrintWriter(terminal.out(), true));
        commands.setErr(new java.io.PrintWriter(terminal.err(), true));
        commands.setExecutionExceptionHandler(
                (e, command, result) -> terminal.fatal("stafette", ExitCode.FAILED, String.valueOf(e.getMessage())));
        if (arguments.length == 0) {
            commands.usage(terminal.err());
            return ExitCode.USAGE;
        }
        return commands.execute(arguments);
    }
}
