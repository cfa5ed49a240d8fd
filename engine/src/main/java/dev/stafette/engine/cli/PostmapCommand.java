// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

/**
 * {@code postmap}: builds lookup tables, and asks them.
 * Thread: main.
 */
final class PostmapCommand {
    private static final String NAME = "postmap";
    private static final String LETTERS = "bc:d:fFhijmnNopq:rsuUvw";
    private static final String USAGE =
            "usage: postmap [-bfFhijmnNoprsuUvw] [-c config_dir] [-d key] [-q key] [map_type:]file...";

    private final Terminal terminal;

    PostmapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    int run(String[] arguments) {
        MapFlags flags = MapFlags.parse(LETTERS, USAGE, arguments);
        if (!flags.wrong.isEmpty()) {
            return terminal.fatal(NAME, ExitCode.FAILED, flags.wrong);
        }
        return new MapActions(terminal, NAME, flags, new TableRows()).run();
    }
}
