// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.Sections;
import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.queue.PostqueueCommand;
import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code postfix}: starts, stops and asks the mail system.
 * Thread: main.
 *
 * <p>The texts are those of Postfix's own script, its name included: other people's scripts look for them.
 */
public final class PostfixCommand {
    static final String NAME = "postfix/postfix-script";

    private static final String USAGE = "usage: postfix [-c config_dir] [-Dv] command";
    private static final String NOT_RUNNING = "the Postfix mail system is not running";

    /** What {@code postfix non-bdb} has to say. */
    private static final List<String> NON_BDB = List.of("status", "enable-redirect", "enable-reindex", "disable");

    /** The log is looked for under its name every second. */
    private static final long LOG_FOLLOWED_MS = 1_100;

    private final Terminal terminal;

    public PostfixCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:Dv", arguments, 0);
        String named = "";
        for (Flags.Flag flag : flags.all()) {
            named = flag.letter() == 'c' ? flag.argument() : named;
        }
        if (flags.areWrong() || !isOneCommand(flags.operands())) {
            return terminal.fatal("postfix", ExitCode.FAILED, USAGE);
        }
        Path directory = ConfigDirectory.find(terminal, named);
        String command = flags.operands().get(0);
        try {
            return switch (command) {
                case "start" -> new InstanceStart(directory, new StartReport(terminal.out(), true)).run();
                case "start-fg" -> new InstanceStart(directory, new StartReport(terminal.err(), false)).run();
                case "stop" -> new InstanceStop(terminal, queueDirectory(directory)).run();
                case "abort" -> abort(queueDirectory(directory));
                case "reload" -> reload(queueDirectory(directory));
                case "status" -> status(queueDirectory(directory));
                case "flush" -> new PostqueueCommand(terminal).flush(directory);
                case "check" -> check(directory);
                case "logrotate" -> rotateLog(directory, arguments);
                case "set-permissions" -> nothingToDo("the first start gives the queue directory to mail_owner");
                case "upgrade-configuration" -> nothingToDo("files of every release are read as they are");
                case "tls" ->
                    terminal.fatal(
                            NAME,
                            ExitCode.FAILED,
                            "'postfix tls' is not implemented: make a key and a certificate with openssl, and name them"
                                    + " as smtpd_tls_chain_files");
                case "non-bdb" -> tellOfIndexes(flags.operands());
                default ->
                    terminal.fatal(
                            NAME,
                            ExitCode.FAILED,
                            "unknown command: '" + command
                                    + "'. Usage: postfix start (or stop, reload, abort, flush, check,"
                                    + " status, start-fg)");
            };
        } catch (AbsentException e) {
            String why = e.absence() == Absence.DOWN ? NOT_RUNNING : "cannot ask the mail system: " + e.getMessage();
            return terminal.fatal(NAME, ExitCode.FAILED, why);
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, "cannot ask the mail system: " + e.getMessage());
        }
    }

    private static QueueDirectory queueDirectory(Path directory) {
        return ConfigDirectory.queueDirectory(directory);
    }

    private int abort(QueueDirectory directory) throws IOException {
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            terminal.say(NAME, "aborting the Postfix mail system");
            client.send(new AdminRequest.Abort());
            return end(client);
        }
    }

    private int reload(QueueDirectory directory) throws IOException {
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            terminal.say(NAME, "refreshing the Postfix mail system");
            client.send(new AdminRequest.Reload());
            return end(client);
        }
    }

    /** Prints the warnings of an answer and how it ended. */
    private int end(AdminClient client) throws IOException {
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            JsonObject object = JsonObject.parse(line);
            if (object != null && object.has("warning")) {
                terminal.warn(NAME, object.text("warning"));
            }
        }
        return client.failure().isEmpty() ? ExitCode.OK : terminal.fatal(NAME, ExitCode.FAILED, client.failure());
    }

    private int status(QueueDirectory directory) throws IOException {
        try (AdminClient client = AdminClient.connect(directory.adminSocket())) {
            client.send(new AdminRequest.Status());
            String line = client.readLine();
            JsonObject answer = line == null ? null : JsonObject.parse(line);
            if (answer == null) {
                return terminal.fatal(NAME, ExitCode.FAILED, "unreadable answer: " + line);
            }
            terminal.say(NAME, "the Postfix mail system is running: PID: " + answer.number("pid"));
            return ExitCode.OK;
        } catch (AbsentException e) {
            if (e.absence() == Absence.DOWN) {
                terminal.say(NAME, NOT_RUNNING);
                return ExitCode.FAILED;
            }
            throw e;
        }
    }

    private int check(Path directory) {
        Configuration configuration = Configuration.read(directory, new LocalHost());
        for (String warning : configuration.check(Sections::check)) {
            terminal.warn(NAME, warning);
        }
        for (String note : configuration.notes()) {
            terminal.say(NAME, note);
        }
        return ExitCode.OK;
    }

    private int rotateLog(Path directory, String[] arguments) throws IOException {
        Configuration configuration = Configuration.readMainCf(directory, new LocalHost());
        LogRotation rotation = LogRotation.of(configuration.settings());
        Strangers strangers = Strangers.onTheWayTo(rotation.log());
        if (strangers.exist()) {
            return new AsOwner(terminal, NAME, strangers)
                    .run(ExitCode.FAILED, "postfix", List.of(arguments), InputStream.nullInputStream());
        }
        try {
            Path aside = rotation.putAside();
            terminal.say(NAME, "the mail log up to now is " + aside);
            int outcome = reloadIfRunning(directory);
            rotation.compress(aside);
            return outcome;
        } catch (AbsentException e) {
            throw e;
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, "logfile rotation failed: " + e.getMessage());
        }
    }

    /** Returns when the process no longer writes a log that was put aside. */
    private int reloadIfRunning(Path directory) throws IOException {
        try {
            int outcome = reload(queueDirectory(directory));
            TimeUnit.MILLISECONDS.sleep(LOG_FOLLOWED_MS);
            return outcome;
        } catch (AbsentException e) {
            if (e.absence() == Absence.DOWN) {
                return ExitCode.OK;
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private int tellOfIndexes(List<String> words) {
        String what = words.size() == 2 ? words.get(1) : "";
        if (!NON_BDB.contains(what)) {
            return terminal.fatal(
                    NAME,
                    ExitCode.FAILED,
                    "usage: postfix non-bdb status (or enable-redirect, or enable-reindex, or disable)");
        }
        return nothingToDo("hash: and btree: have an index format of their own here, without Berkeley DB");
    }

    private int nothingToDo(String why) {
        terminal.say(NAME, "nothing to do: " + why);
        return ExitCode.OK;
    }

    /** Only {@code postfix tls} and {@code non-bdb} have more words. */
    private static boolean isOneCommand(List<String> operands) {
        return operands.size() == 1
                || !operands.isEmpty()
                        && (operands.get(0).equals("tls") || operands.get(0).equals("non-bdb"));
    }
}
