// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The environment of programs: what {@code export_environment} lets through or sets, and a fixed PATH.
 * Thread: any (a value).
 */
public final class CommandEnvironment {
    /** The C library's. */
    private static final String PATH = "/usr/bin:/bin";

    private final Map<String, String> variables;

    private CommandEnvironment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /**
     * @param exported {@code NAME} or {@code NAME=value}
     * @param own the variables of this process; null: no such one
     */
    public static CommandEnvironment of(List<String> exported, UnaryOperator<@Nullable String> own) {
        Map<String, String> variables = new HashMap<>();
        for (String word : exported) {
            int equals = word.indexOf('=');
            @Nullable String value = equals < 0 ? own.apply(word) : word.substring(equals + 1);
            if (value != null) {
                variables.put(equals < 0 ? word : word.substring(0, equals).strip(), value.strip());
            }
        }
        variables.put("PATH", PATH);
        return new CommandEnvironment(variables);
    }

    public Map<String, String> variables() {
        return variables;
    }

    /** Those of one delivery, which are stronger. */
    public Map<String, String> with(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(others);
        return all;
    }
}
