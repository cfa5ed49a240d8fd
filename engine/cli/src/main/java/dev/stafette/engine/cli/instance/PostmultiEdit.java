// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.postconf.EditKind;
import dev.stafette.engine.postconf.MainEdit;
import dev.stafette.engine.postconf.Warnings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code postmulti -e}: changes which configurations there are, and what they are called.
 * Thread: main.
 */
final class PostmultiEdit implements Warnings {
    private static final String NAME = "postmulti";
    private static final String DIRECTORY = "config_directory=";

    private final Terminal terminal;
    private final Path primary;

    PostmultiEdit(Terminal terminal, Path primary) {
        this.terminal = terminal;
        this.primary = primary;
    }

    @Override
    public void warn(String text) {
        terminal.warn(NAME, text);
    }

    /** {@code operands}: {@code name=value}, of which an import needs the directory. */
    int run(String action, String name, String newName, String newGroup, List<String> operands) {
        boolean isNaming = newName.length() + newGroup.length() > 0;
        if (isNaming && !List.of("assign", "import", "create").contains(action)) {
            throw new ConfigException("Cannot assign instance name or group with '-e " + action + "'");
        }
        switch (action) {
            case "init" ->
                edit(
                        primary,
                        "multi_instance_wrapper=${command_directory}/postmulti -p --",
                        "multi_instance_enable=yes");
            case "enable" -> edit(selected(name).directory(), "multi_instance_enable=yes");
            case "disable" -> edit(selected(name).directory(), "multi_instance_enable=no");
            case "assign" -> assign(selected(name).directory(), newName, newGroup);
            case "import" -> importDirectory(operands, newName, newGroup);
            case "deport" -> deport(selected(name));
            case "create" -> create(operands, newName, newGroup);
            case "destroy" -> destroy(selected(name));
            default ->
                throw new ConfigException("Invalid '-e' edit action '" + action + "'. Specify 'create', 'destroy',"
                        + " 'import', 'deport', 'enable', 'disable', 'assign' or 'init'");
        }
        return ExitCode.OK;
    }

    private void edit(Path directory, String... assignments) {
        InstanceFiles.checkOwn(Strangers.onTheWayThrough(directory.resolve("main.cf")));
        new MainEdit(EditKind.SET, this).run(directory.toString(), List.of(assignments));
    }

    private MailInstance selected(String name) {
        if (name.isEmpty()) {
            throw new ConfigException("Select an instance via '-i name'");
        }
        for (MailInstance instance : MailInstance.all(primary)) {
            if (instance.isNamed(name)) {
                return instance;
            }
        }
        throw new ConfigException("No instance named " + name);
    }

    private void assign(Path directory, String newName, String newGroup) {
        List<String> assignments = new ArrayList<>();
        if (!newName.isEmpty()) {
            assignments.add("multi_instance_name=" + checkedName(newName));
        }
        if (!newGroup.isEmpty()) {
            assignments.add("multi_instance_group=" + (newGroup.equals(MailInstance.NONE) ? "" : newGroup));
        }
        if (assignments.isEmpty()) {
            throw new ConfigException("Specify new instance name or group with '-e assign'");
        }
        edit(directory, assignments.toArray(new String[0]));
    }

    private String checkedName(String name) {
        if (name.equals(MailInstance.NONE)) {
            return "";
        }
        if (!name.startsWith(MailInstance.PREFIX)) {
            throw new ConfigException("New instance name must start with '" + MailInstance.PREFIX + "'");
        }
        for (MailInstance instance : MailInstance.all(primary)) {
            if (instance.name().equals(name)) {
                throw new ConfigException("new multi_instance_name=" + name + " is already in use by instance "
                        + instance.directory() + ", multi_instance_name=" + name);
            }
        }
        return name;
    }

    private void importDirectory(List<String> operands, String newName, String newGroup) {
        String directory = "";
        for (String operand : operands) {
            directory = operand.startsWith(DIRECTORY) ? operand.substring(DIRECTORY.length()) : directory;
        }
        if (!directory.startsWith("/")) {
            throw new ConfigException("Specify the directory to import: " + DIRECTORY + "/path");
        }
        if (!Files.isRegularFile(Path.of(directory, "main.cf"))) {
            throw new ConfigException("open " + directory + "/main.cf: No such file or directory");
        }
        List<MailInstance> all = MailInstance.all(primary);
        for (MailInstance instance : all) {
            if (instance.directory().equals(Path.of(directory))) {
                throw inUse(DIRECTORY + directory, instance, DIRECTORY + directory);
            }
        }
        if (newName.length() + newGroup.length() > 0) {
            assign(Path.of(directory), newName, newGroup);
        }
        List<String> directories = new ArrayList<>(
                MailInstance.directories(all.get(0).configuration().settings()));
        directories.add(directory);
        edit(primary, "multi_instance_directories=" + String.join(" ", directories));
    }

    private void create(List<String> operands, String newName, String newGroup) {
        MailInstance first = initialised();
        NewInstance wanted = new NewInstance(operands);
        if (!newName.isEmpty()) {
            checkedName(newName);
        }
        Path directory = wanted.directory(first, newName);
        List<String> settings = wanted.settings(first, newName);
        for (MailInstance other : MailInstance.all(primary)) {
            Path queue = other.configuration().queueDirectory();
            if (other.directory().equals(directory)) {
                throw inUse(DIRECTORY + directory, other, DIRECTORY + directory);
            }
            if (settings.contains("queue_directory=" + queue)) {
                throw inUse("queue_directory=" + queue, other, "queue_directory=" + queue);
            }
        }
        new InstanceFiles(terminal, primary, this).create(directory, settings);
        importDirectory(List.of(DIRECTORY + directory), newName, newGroup);
    }

    private static ConfigException inUse(String wanted, MailInstance owner, String same) {
        return new ConfigException(
                "new " + wanted + " is already in use by instance " + owner.directory() + ", " + same);
    }

    /** The primary one, if several are allowed for. */
    private MailInstance initialised() {
        MailInstance first = MailInstance.all(primary).get(0);
        if (first.configuration().settings().anyText("multi_instance_wrapper").isEmpty()) {
            throw new ConfigException("multi_instance_wrapper is empty, run 'postmulti -e init' first.");
        }
        if (!first.isEnabled()) {
            throw new ConfigException("multi_instance_enable!=yes, run 'postmulti -e init' first.");
        }
        return first;
    }

    private void destroy(MailInstance instance) {
        initialised();
        checkRemovable(instance);
        InstanceFiles files = new InstanceFiles(terminal, primary, this);
        files.checkUnused(instance);
        deport(instance);
        files.remove(instance);
    }

    private void checkRemovable(MailInstance instance) {
        if (instance.directory().equals(primary)) {
            throw new ConfigException("Cannot remove the primary instance");
        }
        if (instance.isEnabled()) {
            throw new ConfigException("Cannot remove enabled instances");
        }
    }

    private void deport(MailInstance instance) {
        checkRemovable(instance);
        List<String> directories = new ArrayList<>();
        for (MailInstance other : MailInstance.all(primary)) {
            if (!other.directory().equals(primary) && !other.directory().equals(instance.directory())) {
                directories.add(other.directory().toString());
            }
        }
        edit(primary, "multi_instance_directories=" + String.join(" ", directories));
    }
}
