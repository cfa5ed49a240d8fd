// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;

/**
 * {@code postmap}: builds lookup tables, and asks them.
 * Thread: main.
 */
public final class PostmapCommand {
    static final String NAME = "postmap";
    private static final String LETTERS = "bc:d:fFhijmnNopq:rsuUvw";
    private static final String USAGE =
            "usage: postmap [-bfFhijmnNoprsuUvw] [-c config_dir] [-d key] [-q key] [map_type:]file...";

    private final Terminal terminal;

    public PostmapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        MapRows rows = new TableRows();
        MapFlags flags = MapFlags.parse(terminal, rows, LETTERS, USAGE, arguments);
        if (!flags.wrong.isEmpty()) {
            return terminal.fatal(NAME, ExitCode.FAILED, flags.wrong);
        }
        return new MapActions(terminal, flags, rows).run();
    }
}
