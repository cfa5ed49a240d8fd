// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code postalias}: builds alias tables, and asks them; {@code newaliases}: builds those of {@code alias_database}.
 * Thread: main.
 */
public final class PostaliasCommand {
    static final String NAME = "postalias";
    private static final String LETTERS = "c:d:fijnNopq:rsuvw";
    private static final String USAGE =
            "usage: postalias [-fijnNoprsuvw] [-c config_dir] [-d key] [-q key] [map_type:]file...";

    private final Terminal terminal;

    public PostaliasCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        MapRows rows = new AliasRows();
        MapFlags flags = MapFlags.parse(terminal, rows, LETTERS, USAGE, arguments);
        if (!flags.wrong.isEmpty()) {
            return terminal.fatal(NAME, ExitCode.FAILED, flags.wrong);
        }
        return new MapActions(terminal, flags, rows).run();
    }

    /** The flags of sendmail mean nothing here but {@code -C}. */
    public int runNewaliases(String[] arguments) {
        Flags flags = Flags.parse("A:B:b:C:F:f:Gh:IiL:mN:no:O:p:q:R:r:tUV:vX:", arguments, 0);
        String directory = "";
        for (Flags.Flag flag : flags.all()) {
            directory = flag.letter() == 'C' ? flag.argument() : directory;
        }
        if (flags.areWrong()) {
            terminal.err().println("newaliases: " + flags.complaint());
            return terminal.fatal("newaliases", ExitCode.TRY_AGAIN, "usage: newaliases [options]");
        }
        return rebuild(directory);
    }

    /** Builds what {@code alias_database} names. {@code directory}: of the configuration; empty for the usual one. */
    int rebuild(String directory) {
        String found = ConfigDirectory.find(terminal, directory).toString();
        List<String> words = new ArrayList<>(List.of("-c", found, "--"));
        int wordsBefore = words.size();
        words.addAll(Configuration.readMainCf(ConfigDirectory.find(terminal, directory), new LocalHost())
                .settings()
                .words("alias_database"));
        return words.size() == wordsBefore ? ExitCode.OK : run(words.toArray(new String[0]));
    }
}
