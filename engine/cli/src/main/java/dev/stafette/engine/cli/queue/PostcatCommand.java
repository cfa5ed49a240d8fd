// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.QueueQuestion;
import dev.stafette.engine.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * {@code postcat -q}: shows a queued message, which may be anywhere in the spool.
 * Thread: main.
 */
public final class PostcatCommand {
    private static final String NAME = "postcat";
    private static final String USAGE = "usage: postcat [-b (body text)] [-c config_dir] [-d (decimal record type)]"
            + " [-e (envelope records)] [-h (header text)] [-q (access queue)] [-v] [file(s)...]";
    private static final String MAILDROP = "maildrop";
    private static final String NO_QUEUE_FILES = "there are no queue files: name queue ids with -q";

    private final Terminal terminal;
    private String letters = "";
    private long firstOffset;

    public PostcatCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("bc:defhoqrs:v", arguments, 0);
        if (flags.areWrong()) {
            terminal.say(NAME, flags.complaint());
            return terminal.fatal(NAME, ExitCode.FAILED, USAGE);
        }
        String directory = "";
        StringBuilder given = new StringBuilder();
        for (Flags.Flag flag : flags.all()) {
            given.append(flag.letter());
            if (flag.letter() == 'c') {
                directory = flag.argument();
            } else if (flag.letter() == 's') {
                if (!flag.argument().matches("[0-9]{1,18}")) {
                    return terminal.fatal(NAME, ExitCode.FAILED, "bad offset: " + flag.argument());
                }
                firstOffset = Long.parseLong(flag.argument());
            }
        }
        letters = given.toString();
        if (!has('q')) {
            return refuseFiles(flags.operands());
        }
        if (!has('b') && !has('e') && !has('h')) {
            letters += "beh";
        }
        return show(flags.operands(), ConfigDirectory.find(terminal, directory));
    }

    private boolean has(char letter) {
        return letters.indexOf(letter) >= 0;
    }

    private int refuseFiles(List<String> files) {
        if (files.isEmpty() || Files.exists(Path.of(files.get(0)))) {
            return terminal.fatal(
                    NAME, ExitCode.FAILED, (files.isEmpty() ? "standard input" : files.get(0)) + ": " + NO_QUEUE_FILES);
        }
        return terminal.fatal(NAME, ExitCode.FAILED, "open " + files.get(0) + ": No such file or directory");
    }

    private int show(List<String> ids, Path directory) {
        QueueQuestion question = new QueueQuestion(terminal, NAME, ConfigDirectory.queueDirectory(directory));
        for (String id : ids) {
            if (!QueueIds.isQueueId(id)) {
                return terminal.fatal(NAME, ExitCode.FAILED, "bad mail queue ID: " + id);
            }
            int exitCode = show(id, question);
            if (exitCode != ExitCode.OK) {
                return exitCode;
            }
        }
        return ExitCode.OK;
    }

    private int show(String id, QueueQuestion question) {
        AdminRequest request = new AdminRequest.ReadMessage(id, has('b') || has('h'));
        try (AnswerLines client = question.ask(request)) {
            String first = client.readLine();
            JsonObject envelope = first == null ? null : JsonObject.parse(first);
            if (envelope != null && envelope.text("queue_name").equals(MAILDROP)) {
                printRecords(id, client);
            } else if (envelope != null) {
                print(id, envelope, client);
            } else {
                String failure =
                        client.failure().startsWith("no such message") ? "No such file or directory" : client.failure();
                return terminal.fatal(NAME, ExitCode.FAILED, "open queue file " + id + ": " + failure);
            }
            return client.failure().isEmpty()
                    ? ExitCode.OK
                    : terminal.fatal(NAME, ExitCode.FAILED, id + ": " + client.failure());
        } catch (AbsentException e) {
            return e.absence() == Absence.DOWN
                    ? terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot read mail queue - mail system is down")
                    : terminal.fatal(NAME, ExitCode.FAILED, "open queue file " + id + ": Permission denied");
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot ask the mail system: " + e.getMessage());
        }
    }

    private void printRecords(String id, AnswerLines answer) throws IOException {
        String path = MAILDROP + '/' + id;
        if (!new MaildropRecords(begin(path), path, letters).print(answer)) {
            terminal.warn(NAME, path + ": malformed record");
        }
    }

    private PrintedRecords begin(String path) {
        if (has('e')) {
            terminal.out().print("*** ENVELOPE RECORDS " + path + " ***\n");
        }
        return new PrintedRecords(terminal.out(), has('o'), has('d'), firstOffset);
    }

    private void print(String id, JsonObject envelope, AnswerLines client) throws IOException {
        String path = envelope.text("queue_name") + '/' + id;
        PrintedRecords records = begin(path);
        new EnvelopeRecords(envelope).put(records, has('e'));
        records.separator('M', "MESSAGE CONTENTS", path, has('e'));
        Content content = new Content(records);
        StoredLines lines = new StoredLines(content::line);
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            JsonObject piece = JsonObject.parse(line);
            if (piece == null || terminal.out().checkError()) {
                return;
            }
            lines.add(Base64.getDecoder().decode(piece.text("content")));
        }
        records.separator('X', "HEADER EXTRACTED", path, has('e'));
        records.separator('E', "MESSAGE FILE END", path, has('e'));
    }

    /** Header or body, whichever is wanted. The empty line between them belongs to the body. */
    private final class Content {
        private final PrintedRecords records;
        private boolean inBody;

        Content(PrintedRecords records) {
            this.records = records;
        }

        void line(byte[] text) {
            inBody |= text.length == 0;
            records.put('N', has('v') ? "regular_text: " : "", text, has(inBody ? 'b' : 'h'));
        }
    }
}
