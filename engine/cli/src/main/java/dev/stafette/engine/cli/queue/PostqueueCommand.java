// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.admin.UserRight;
import dev.stafette.engine.cli.terminal.Authorization;
import dev.stafette.engine.cli.terminal.Caller;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.QueueQuestion;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code postqueue}: shows the queue, and has it delivered.
 * Thread: main.
 */
public final class PostqueueCommand {
    private static final String NAME = "postqueue";
    private static final String USAGE =
            "usage: postqueue -f | postqueue -i queueid | postqueue -j | postqueue -p | postqueue -s site";
    private static final int LINES_PER_CHECK = 500;
    private static final String LIST_DOWN = "Queue report unavailable - mail system is down";
    private static final String LIST_DIRECTLY = "Mail system is down -- accessing queue directly";
    private static final String FLUSH_DOWN = "Cannot flush mail queue - mail system is down";

    private final Terminal terminal;

    public PostqueueCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:fi:jps:v", arguments, 0);
        String directory = "";
        Flags.@Nullable Flag action = null;
        for (Flags.Flag flag : flags.all()) {
            switch (flag.letter()) {
                case 'c' -> directory = flag.argument();
                case 'v' -> {
                    // There is nothing more to say.
                }
                default -> {
                    if (action != null) {
                        return usage();
                    }
                    action = flag;
                }
            }
        }
        if (flags.areWrong()) {
            terminal.err().println(NAME + ": " + flags.complaint());
        }
        if (flags.areWrong() || action == null || !flags.operands().isEmpty()) {
            return usage();
        }
        return act(action, ConfigDirectory.find(terminal, directory));
    }

    /** {@code mailq}: the flags of sendmail mean nothing here but {@code -C}, and neither do operands. */
    public int runMailq(String[] arguments) {
        Flags flags = Flags.parse("A:B:b:C:F:f:Gh:iL:mN:no:O:p:q:R:r:tUV:vX:", arguments, 0);
        String directory = "";
        for (Flags.Flag flag : flags.all()) {
            directory = flag.letter() == 'C' ? flag.argument() : directory;
        }
        return list(ConfigDirectory.find(terminal, directory), false);
    }

    private int usage() {
        return terminal.fatal(NAME, ExitCode.UNAVAILABLE, USAGE);
    }

    private int act(Flags.Flag action, Path directory) {
        return switch (action.letter()) {
            case 'p' -> list(directory, false);
            case 'j' -> list(directory, true);
            case 'f' -> flush(directory);
            case 'i' -> flushMessage(directory, action.argument());
            default -> flushSite(directory, action.argument());
        };
    }

    private int list(Path directory, boolean asJson) {
        return ifAllowed(UserRight.VIEW, directory, configuration -> list(configuration, asJson));
    }

    /** Root and the owner of the queue may do everything. */
    private int ifAllowed(UserRight right, Path directory, ToIntFunction<Configuration> action) {
        Configuration configuration = Configuration.readMainCf(directory, new LocalHost());
        String refusal = Caller.mayChangeQueue(configuration.queueDirectory())
                ? ""
                : Authorization.reasonAgainst(right, configuration.settings(), directory);
        return refusal.isEmpty()
                ? action.applyAsInt(configuration)
                : terminal.fatal(NAME, ExitCode.UNAVAILABLE, refusal);
    }

    private int list(Configuration configuration, boolean asJson) {
        QueueQuestion question = new QueueQuestion(
                terminal,
                NAME,
                ConfigDirectory.queueDirectory(configuration),
                configuration.settings().text("empty_address_recipient"));
        try (AnswerLines client = question.askAsUser(new AdminRequest.ListMessages(), LIST_DIRECTLY)) {
            QueueListing listing = new QueueListing(terminal.out());
            int lines = 0;
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                // Whoever pipes this into head(1) does not want the rest to be made.
                if (++lines % LINES_PER_CHECK == 0 && terminal.out().checkError()) {
                    return ExitCode.FAILED;
                }
                if (asJson) {
                    terminal.out().println(line);
                } else {
                    JsonObject message = JsonObject.parse(line);
                    if (message == null) {
                        return terminal.fatal(NAME, ExitCode.SOFTWARE, "unreadable answer: " + line);
                    }
                    listing.print(message);
                }
            }
            if (!client.failure().isEmpty()) {
                return terminal.fatal(NAME, ExitCode.TRY_AGAIN, client.failure());
            }
            if (!asJson) {
                listing.end();
            }
            return ExitCode.OK;
        } catch (IOException e) {
            return absent(e, LIST_DOWN);
        }
    }

    public int flush(Path directory) {
        return ifAllowed(UserRight.FLUSH, directory, configuration -> ask(configuration, new AdminRequest.Flush()));
    }

    private int flushSite(Path directory, String site) {
        if (!DomainSyntax.isDomain(site)) {
            return terminal.fatal(
                    NAME, ExitCode.UNAVAILABLE, "Cannot flush mail queue - invalid destination: \"" + site + "\"");
        }
        return ifAllowed(UserRight.FLUSH, directory, configuration -> flushSite(configuration, site));
    }

    private int flushSite(Configuration configuration, String site) {
        if (!isFlushed(configuration, site)) {
            return terminal.fatal(
                    NAME, ExitCode.UNAVAILABLE, "Flush service is not configured for destination \"" + site + "\"");
        }
        return ask(configuration, new AdminRequest.Flush(null, site));
    }

    /** Also where a table does not answer: to look for mail to the site does no harm. */
    private boolean isFlushed(Configuration configuration, String site) {
        Settings settings = configuration.settings();
        TableHost host = new TableHost(
                TableTypes::open,
                configuration.queueDirectory(),
                settings::expand,
                text -> terminal.warn(NAME, text),
                System::nanoTime,
                Runnable::run);
        try (OpenTables tables = new OpenTables(host)) {
            return settings.domains("fast_flush_domains", tables).find(site.toLowerCase(Locale.ROOT), Inquiry.BLOCKING)
                    != Finding.NOT_FOUND;
        }
    }

    private int flushMessage(Path directory, String id) {
        if (!QueueIds.isQueueId(id)) {
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot flush queue ID - invalid name: \"" + id + "\"");
        }
        return ifAllowed(
                UserRight.FLUSH, directory, configuration -> ask(configuration, new AdminRequest.Flush(id, null)));
    }

    private int ask(Configuration configuration, AdminRequest request) {
        try (AdminClient client = AdminClient.connectAsUser(ConfigDirectory.queueDirectory(configuration))) {
            client.send(request);
            if (client.readLine() == null && client.failure().isEmpty()) {
                return ExitCode.OK;
            }
            if (client.failure().startsWith("no such message")) {
                // Postfix says nothing at all.
                terminal.warn(NAME, client.failure());
                return ExitCode.OK;
            }
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot flush mail queue - " + client.failure());
        } catch (IOException e) {
            return absent(e, FLUSH_DOWN);
        }
    }

    private int absent(IOException e, String whenDown) {
        if (e instanceof AbsentException absent && absent.absence() == Absence.DOWN) {
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, whenDown);
        }
        return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot ask the mail system: " + e.getMessage());
    }
}
