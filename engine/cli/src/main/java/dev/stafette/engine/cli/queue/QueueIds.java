// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The queue ids that a command was given, those on standard input read only when their turn comes.
 * Thread: main.
 */
final class QueueIds {
    private final Terminal terminal;
    private final String program;
    private final List<String> words;

    // The next word, and the input while it is being read.
    private int next;
    private @Nullable BufferedReader input;

    /** {@code words}: ids, and {@code -} for those on standard input. */
    QueueIds(Terminal terminal, String program, List<String> words) {
        this.terminal = terminal;
        this.program = program;
        this.words = words;
    }

    /** The next ones, at most {@code limit}; none at the end. What cannot be an id is warned of and left out. */
    List<String> next(int limit) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String id = nextWord(); id != null; id = nextWord()) {
            if (!isQueueId(id)) {
                terminal.warn(program, "invalid mail queue id: " + id);
                continue;
            }
            ids.add(id);
            if (ids.size() == limit) {
                break;
            }
        }
        return ids;
    }

    private @Nullable String nextWord() throws IOException {
        while (true) {
            if (input != null) {
                String line = input.readLine();
                if (line != null) {
                    return line;
                }
                input = null;
            }
            if (next == words.size()) {
                return null;
            }
            String word = words.get(next++);
            if (!word.equals("-")) {
                return word;
            }
            input = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        }
    }

    /** As Postfix takes them, long and short; ids of another form name no message. */
    static boolean isQueueId(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_')) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
