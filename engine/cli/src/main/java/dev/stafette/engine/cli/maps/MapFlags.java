// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of {@code postmap} and {@code postalias}.
 * Thread: main.
 */
final class MapFlags {
    /** What is asked for. */
    enum Action {
        BUILD,
        QUERY,
        DELETE,
        LIST
    }

    private static final String ONE_ACTION = "specify only one of -s -q or -d";

    /** What Postfix says when the listing comes last. */
    private static final String ONE_ACTION_BEFORE_LISTING = "specify only one of -s or -q or -d";

    String configDirectory = "";
    Action action = Action.BUILD;
    /** Of a query or a deletion; {@code -}: they come from standard input. */
    String key = "";

    boolean adds;
    boolean replaces;
    boolean warnsOfDuplicates = true;
    boolean folds = true;
    boolean inheritsPermissions = true;
    boolean valuesAreFiles;
    boolean json;
    boolean headers;
    boolean body;
    boolean mime;
    /** {@code -o}: root stays root for a source that is another user's. */
    boolean keepsRoot;
    /** The flags once more, in words. */
    final List<String> words = new ArrayList<>();

    List<String> operands = List.of();

    /** What is wrong with it; empty when nothing is. */
    String wrong = "";

    private MapFlags() {}

    /** What is wrong with a flag has been said. */
    static MapFlags parse(Terminal terminal, MapRows rows, String letters, String usage, String[] arguments) {
        MapFlags result = new MapFlags();
        Flags flags = Flags.parse(letters, arguments, 0);
        for (Flags.Flag flag : flags.all()) {
            result.take(flag);
            result.words.add("-" + flag.letter() + flag.argument());
        }
        result.operands = flags.operands();
        if (flags.areWrong()) {
            terminal.err().println(rows.program() + ": " + flags.complaint());
            result.wrong = usage;
        } else if (result.wrong.isEmpty()) {
            result.check(usage);
        }
        return result;
    }

    private void take(Flags.Flag flag) {
        switch (flag.letter()) {
            case 'c' -> configDirectory = flag.argument();
            case 'd' -> act(Action.DELETE, flag.argument());
            case 'q' -> act(Action.QUERY, flag.argument());
            case 's' -> act(Action.LIST, "");
            case 'i' -> adds = true;
            case 'r' -> replaces = true;
            case 'w' -> warnsOfDuplicates = false;
            case 'f' -> folds = false;
            case 'F' -> valuesAreFiles = true;
            case 'p' -> inheritsPermissions = false;
            case 'j' -> json = true;
            case 'h' -> headers = true;
            case 'b' -> body = true;
            case 'm' -> mime = true;
            case 'o' -> keepsRoot = true;
            default -> {
                // -n -N: files of ours have no terminating NUL. -u -U -v: nothing here depends on them.
            }
        }
    }

    private void act(Action next, String nextKey) {
        if (action != Action.BUILD && (next != Action.LIST || action != Action.LIST)) {
            wrong = next == Action.LIST ? ONE_ACTION_BEFORE_LISTING : ONE_ACTION;
        }
        action = next;
        key = nextKey;
    }

    private void check(String usage) {
        if (operands.isEmpty()) {
            wrong = usage;
        } else if ((headers || body || mime) && !(action == Action.QUERY && key.equals("-"))) {
            wrong = "specify -b -h or -m only with \"-q -\"";
        }
    }
}
