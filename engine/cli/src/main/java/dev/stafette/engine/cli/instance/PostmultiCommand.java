// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Launcher;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code postmulti}: several configurations on one machine; lists them, and runs a command for each.
 * Thread: main.
 */
public final class PostmultiCommand {
    private static final String NAME = "postmulti";
    private static final String USAGE = "Usage:postmulti -l [-v] [-a] [-g group] [-i instance]"
            + " | postmulti -p [-v] [-a] [-g group] [-i instance] command..."
            + " | postmulti -x [-v] [-a] [-i name] [-g group] command..."
            + " | postmulti -e action [-v] [-a] [-i name] [-g group] [-I name] [-G group] [param=value ...]";
    private static final String MODES = "elpx";

    /** Of the table of instances. */
    private static final String ROW = "%-15s %-15s %-9s %s%n";

    /** Their instances end in the reverse order. */
    private static final List<String> LAST_FIRST = List.of("stop", "quick-stop", "abort", "drain");

    private final Terminal terminal;

    public PostmultiCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("ae:g:i:G:I:lpRvx", arguments, 0);
        if (flags.areWrong()) {
            throw new ConfigException(USAGE);
        }
        char mode = mode(flags);
        String newName = argument(flags, 'I');
        String newGroup = argument(flags, 'G');
        if (mode != 'e' && newName.length() + newGroup.length() > 0) {
            throw new ConfigException("Cannot assign instance name or group without '-e assign'");
        }
        if (mode == 'l' && !flags.operands().isEmpty()) {
            throw new ConfigException("Command not allowed with '-l'");
        }
        if ((mode == 'p' || mode == 'x') && flags.operands().isEmpty()) {
            throw new ConfigException("Command required with '-p' or '-x' option");
        }
        Path primary = ConfigDirectory.find(terminal, "");
        if (mode == 'e') {
            return new PostmultiEdit(terminal, primary)
                    .run(argument(flags, 'e'), argument(flags, 'i'), newName, newGroup, flags.operands());
        }
        List<MailInstance> selected = select(flags, MailInstance.all(primary));
        return switch (mode) {
            case 'l' -> list(selected);
            default -> runEach(selected, flags.operands(), mode == 'p');
        };
    }

    private static char mode(Flags flags) {
        char mode = 0;
        int count = 0;
        for (Flags.Flag flag : flags.all()) {
            if (MODES.indexOf(flag.letter()) >= 0) {
                mode = flag.letter();
                count++;
            }
        }
        if (count != 1) {
            throw new ConfigException("Specify exactly one of '-e', '-l', '-p', '-x'");
        }
        return mode;
    }

    private static String argument(Flags flags, char letter) {
        String argument = "";
        for (Flags.Flag flag : flags.all()) {
            argument = flag.letter() == letter ? flag.argument() : argument;
        }
        return argument;
    }

    private static List<MailInstance> select(Flags flags, List<MailInstance> all) {
        String name = argument(flags, 'i');
        String group = argument(flags, 'g');
        List<MailInstance> selected = new ArrayList<>();
        for (MailInstance instance : all) {
            if ((name.isEmpty() || instance.isNamed(name)) && (group.isEmpty() || instance.isOfGroup(group))) {
                selected.add(instance);
            }
        }
        for (Flags.Flag flag : flags.all()) {
            if (flag.letter() == 'R') {
                Collections.reverse(selected);
            }
        }
        return selected;
    }

    private int list(List<MailInstance> instances) {
        for (MailInstance instance : instances) {
            terminal.out()
                    .printf(
                            Locale.ROOT,
                            ROW,
                            instance.name().isEmpty() ? MailInstance.NONE : instance.name(),
                            instance.group().isEmpty() ? MailInstance.NONE : instance.group(),
                            instance.isEnabled() ? "y" : "n",
                            instance.directory());
        }
        return ExitCode.OK;
    }

    private int runEach(List<MailInstance> instances, List<String> words, boolean isPostfix) {
        List<MailInstance> ordered = new ArrayList<>(instances);
        if (isPostfix && LAST_FIRST.contains(words.get(0))) {
            Collections.reverse(ordered);
        }
        boolean allWell = true;
        for (MailInstance instance : ordered) {
            List<String> command = new ArrayList<>();
            if (isPostfix) {
                command.add(Launcher.directory().resolve("postfix").toString());
            }
            command.addAll(words);
            if (isPostfix && !instance.isEnabled() && words.get(0).equals("start")) {
                // It shall not run, but it can be looked at.
                command.set(1, "check");
            }
            allWell &= run(instance, command);
        }
        return allWell ? ExitCode.OK : ExitCode.FAILED;
    }

    private boolean run(MailInstance instance, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        environment.put("MAIL_CONFIG", instance.directory().toString());
        environment.put("command_directory", Launcher.directory().toString());
        environment.put("data_directory", instance.configuration().settings().anyText("data_directory"));
        environment.put("multi_instance_name", instance.name());
        environment.put("multi_instance_group", instance.group());
        environment.put("config_directory", instance.directory().toString());
        environment.put(
                "queue_directory", instance.configuration().queueDirectory().toString());
        environment.put("multi_instance_enable", instance.isEnabled() ? "yes" : "no");
        try {
            terminal.out().flush();
            return builder.start().waitFor() == 0;
        } catch (IOException e) {
            terminal.warn(NAME, "cannot run " + command.get(0) + ": " + e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
