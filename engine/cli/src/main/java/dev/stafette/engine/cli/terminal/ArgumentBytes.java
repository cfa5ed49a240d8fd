// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Arguments as their bytes, a character each: for commands to which text is bytes, as files are to them.
 * Thread: any (stateless).
 */
public final class ArgumentBytes {
    private ArgumentBytes() {}

    public static String of(String argument) {
        return new String(argument.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    public static List<String> of(List<String> arguments) {
        List<String> bytes = new ArrayList<>(arguments.size());
        for (String argument : arguments) {
            bytes.add(of(argument));
        }
        return bytes;
    }
}
