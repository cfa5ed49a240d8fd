// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.pickup.Maildrop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code postkick}: has a service of the running mail system do something, which scripts use for their triggers.
 * Thread: main.
 *
 * <pre>
 * public pickup ANY    look into maildrop/
 * public qmgr  …D…     try all deferred mail (other letters: it looks at the queue all the time)
 * public flush ANY     the same
 * </pre>
 */
public final class PostkickCommand {
    private static final String NAME = "postkick";

    private final Terminal terminal;

    public PostkickCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:v", arguments, 0);
        String named = "";
        for (Flags.Flag flag : flags.all()) {
            named = flag.letter() == 'c' ? flag.argument() : named;
        }
        if (flags.areWrong()) {
            terminal.err().println(NAME + ": " + flags.complaint());
        }
        List<String> operands = flags.operands();
        if (flags.areWrong() || operands.size() != 3) {
            return terminal.fatal(NAME, ExitCode.FAILED, "usage: postkick [-c config_dir] [-v] class service request");
        }
        try {
            Path directory = ConfigDirectory.find(terminal, named);
            if (kick(directory, operands.get(0) + "/" + operands.get(1), operands.get(2))) {
                return ExitCode.OK;
            }
        } catch (IOException e) {
            terminal.warn(NAME, String.valueOf(e.getMessage()));
        } catch (ConfigException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
        terminal.warn(
                NAME,
                "Cannot contact class " + operands.get(0) + " service " + operands.get(1)
                        + " - perhaps the mail system is down");
        return ExitCode.FAILED;
    }

    private boolean kick(Path directory, String service, String request) throws IOException {
        return switch (service) {
            case "public/pickup" ->
                new Maildrop(ConfigDirectory.queueDirectory(directory).path()).wake() || isUnknown(service);
            case "public/qmgr" ->
                ask(directory, request.indexOf('D') >= 0 ? new AdminRequest.Flush() : new AdminRequest.Status());
            case "public/flush" -> ask(directory, new AdminRequest.Flush());
            default -> isUnknown(service);
        };
    }

    private boolean isUnknown(String service) {
        terminal.warn(NAME, "unable to look up " + service + ": No such file or directory");
        return false;
    }

    private static boolean ask(Path directory, AdminRequest request) throws IOException {
        try (AdminClient client =
                AdminClient.connect(ConfigDirectory.queueDirectory(directory).adminSocket())) {
            client.send(request);
            while (client.readLine() != null) {
                // It has been done when the answer ends.
            }
            if (!client.failure().isEmpty()) {
                throw new IOException(client.failure());
            }
            return true;
        }
    }
}
