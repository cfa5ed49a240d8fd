// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.AnswerLines;
import dev.stafette.engine.admin.QueueDirectory;
import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.QueueQuestion;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.postconf.EditKind;
import dev.stafette.engine.postconf.MainEdit;
import dev.stafette.engine.postconf.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The files of a further configuration: made from those of the primary one, and removed as long as there is no mail.
 * Thread: main.
 */
final class InstanceFiles {
    private static final String NAME = "postmulti";
    private static final String MAIN_CF = "main.cf";
    private static final String MASTER_CF = "master.cf";

    /** Where they are made, to be moved when they are whole. */
    private static final String UNFINISHED = ".tmp";

    /** What is the primary's own. */
    private static final List<String> OWN = List.of(
            "multi_instance_directories",
            "multi_instance_wrapper",
            "multi_instance_enable",
            "multi_instance_name",
            "multi_instance_group",
            "process_id_directory");

    private final Terminal terminal;
    private final Path primary;
    private final Warnings warnings;

    InstanceFiles(Terminal terminal, Path primary, Warnings warnings) {
        this.terminal = terminal;
        this.primary = primary;
        this.warnings = warnings;
    }

    /** Leaves files that are there as they are. {@code settings}: {@code name=value}. */
    void create(Path directory, List<String> settings) {
        if (Files.exists(directory.resolve(MAIN_CF)) && Files.exists(directory.resolve(MASTER_CF))) {
            return;
        }
        Path unfinished = directory.resolve(UNFINISHED);
        checkOwn(Strangers.onTheWayTo(unfinished));
        try {
            Files.createDirectories(unfinished);
            copy(MAIN_CF, unfinished);
            copy(MASTER_CF, unfinished);
            new MainEdit(EditKind.REMOVE, warnings).run(unfinished.toString(), OWN);
            new MainEdit(EditKind.SET, warnings).run(unfinished.toString(), settings);
            // With the last one the instance is complete.
            move(unfinished, MAIN_CF, directory);
            move(unfinished, MASTER_CF, directory);
            Files.delete(unfinished);
        } catch (IOException e) {
            throw new ConfigException("cannot make " + directory + ": " + e);
        }
    }

    /** Root makes and removes configurations where nobody else could lead it elsewhere. */
    static void checkOwn(Strangers strangers) {
        if (strangers.exist()) {
            throw new ConfigException(AsOwner.refusal(strangers));
        }
    }

    private void copy(String name, Path into) throws IOException {
        Files.copy(
                primary.resolve(name),
                into.resolve(name),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void move(Path from, String name, Path into) throws IOException {
        Files.move(from.resolve(name), into.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Throws a {@link ConfigException} when it runs, or when there is mail in its queue. */
    void checkUnused(MailInstance instance) {
        QueueDirectory queue = ConfigDirectory.queueDirectory(instance.configuration());
        if (!isDown(queue)) {
            throw new ConfigException("Instance '" + instance.directory() + "' is not stopped");
        }
        if (!Files.exists(instance.configuration().queueDirectory())) {
            return;
        }
        try (AnswerLines messages = new QueueQuestion(terminal, NAME, queue).ask(new AdminRequest.ListMessages())) {
            if (messages.readLine() != null || !messages.failure().isEmpty()) {
                throw new ConfigException("Instance '" + instance.directory() + "' has mail in its queue");
            }
        } catch (IOException e) {
            throw new ConfigException(
                    "cannot look into the queue of '" + instance.directory() + "': " + e.getMessage());
        }
    }

    private static boolean isDown(QueueDirectory queue) {
        try {
            AdminClient.connect(queue.adminSocket()).close();
            return false;
        } catch (AbsentException e) {
            return e.absence() == AdminClient.Absence.DOWN;
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes what {@link #create} made; what came later stays, with a warning. */
    void remove(MailInstance instance) {
        Path directory = instance.directory();
        checkOwn(Strangers.onTheWayTo(directory.resolve(MAIN_CF)));
        try {
            Files.deleteIfExists(directory.resolve(MASTER_CF));
            Files.deleteIfExists(directory.resolve(MAIN_CF));
        } catch (IOException e) {
            warnings.warn("cannot delete: " + e);
        }
        Path queue = instance.configuration().queueDirectory();
        removeEmpty(queue);
        removeEmpty(directory);
    }

    private void removeEmpty(Path directory) {
        try {
            checkOwn(Strangers.onTheWayTo(directory));
            Files.deleteIfExists(directory);
        } catch (IOException | ConfigException e) {
            warnings.warn(directory + ": please verify contents and remove by hand");
        }
    }
}
