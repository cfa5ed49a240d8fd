// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.QueueQuestion;
import dev.stafette.engine.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code qshape}: how many recipients, or messages by sender, wait for each domain, and for how long.
 * Thread: main.
 */
public final class QshapeCommand {
    private static final String NAME = "qshape";

    /** What a script that calls it wrongly gets from Perl. */
    private static final int DIED = 255;

    private static final Set<String> QUEUES = Set.of("maildrop", "incoming", "active", "deferred", "hold", "corrupt");
    private static final String USAGE = """
            Usage: qshape [ -s ] [ -p ] [ -m <min_subdomains> ] [ -l ]
            \t[ -b <bucket_count> ] [ -t <bucket_time> ] [ -w <terminal_width> ]
            \t[ -N <batch_msg_count> ] [ -n <batch_top_domains> ]
            \t[ -c <config_directory> ] [ <queue_name> ... ]
            -s counts messages by the domain of their sender, else recipients are counted by theirs.
            -p adds a row for each parent domain with at least <min_subdomains> (5) subdomains.
            Columns are ages: below <bucket_time> (5) minutes, then below twice that of the one before,
            with -l below the next multiple; <bucket_count> (10) columns, and the last has no limit.
            Without queue names incoming and active are counted.""";

    private final Terminal terminal;
    private final boolean interactive;

    /** @param interactive a person looks at it: long tables are cut */
    public QshapeCommand(Terminal terminal, boolean interactive) {
        this.terminal = terminal;
        this.interactive = interactive;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("lhc:psw:b:t:m:n:N:", arguments, 0);
        ShapeTable.Layout layout = new ShapeTable.Layout();
        if (flags.areWrong()) {
            terminal.err().println(NAME + ": " + flags.complaint());
            return usage();
        }
        String directory = "";
        for (Flags.Flag flag : flags.all()) {
            switch (flag.letter()) {
                case 'c' -> directory = flag.argument();
                case 'h' -> {
                    return usage();
                }
                case 'N' -> {
                    // The whole is there at once: nothing is shown before its end.
                }
                default -> layout.set(flag.letter(), flag.argument());
            }
        }
        layout.limitRows(interactive);
        Path configDirectory = ConfigDirectory.find(terminal, directory);
        var queueDirectory = ConfigDirectory.queueDirectory(configDirectory);
        List<String> queues = new ArrayList<>();
        for (String name : flags.operands().isEmpty() ? List.of("incoming", "active") : flags.operands()) {
            String relative = name.startsWith("/") ? relative(name, queueDirectory.path()) : name;
            if (QUEUES.contains(relative)) {
                queues.add(relative);
            } else {
                terminal.err().println("Can't stat " + name + ": No such file or directory");
            }
        }
        return count(queues, layout, queueDirectory);
    }

    private static String relative(String name, Path queueDirectory) {
        Path path = Path.of(name).normalize();
        return path.startsWith(queueDirectory) ? queueDirectory.relativize(path).toString() : name;
    }

    private int usage() {
        terminal.err().println(USAGE);
        return DIED;
    }

    private int count(List<String> queues, ShapeTable.Layout layout, QueueDirectory directory) {
        ShapeTable table = new ShapeTable(layout);
        QueueQuestion question = new QueueQuestion(terminal, NAME, directory);
        AdminRequest request =
                new AdminRequest.CountDomains(QueueName.allOf(queues), layout.countsSenders(), layout.limitsSeconds());
        try (AnswerLines client = question.ask(request)) {
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                JsonObject row = JsonObject.parse(line);
                if (row == null) {
                    return terminal.fatal(NAME, ExitCode.SOFTWARE, "unreadable answer: " + line);
                }
                table.add(row.text("domain"), row.numbers("counts"));
            }
            if (!client.failure().isEmpty()) {
                return terminal.fatal(NAME, ExitCode.TRY_AGAIN, client.failure());
            }
            table.print(terminal.out());
            return ExitCode.OK;
        } catch (AbsentException e) {
            String why = e.absence() == Absence.DOWN ? "mail system is down" : e.getMessage();
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Queue report unavailable - " + why);
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot ask the mail system: " + e.getMessage());
        }
    }
}
