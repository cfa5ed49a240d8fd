// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints the table of parameters for people: the part of {@code conf/README.md} that is not written by hand.
 * Thread: any (stateless).
 */
final class ParameterReference {
    private static final int LINE_LENGTH = 128;

    private ParameterReference() {}

    static String markdown(Parameters parameters) {
        StringBuilder out = new StringBuilder(40_000);
        String section = "";
        for (Parameter parameter : parameters.all()) {
            if (!parameter.section().equals(section)) {
                section = parameter.section();
                out.append("\n### ").append(section).append("\n\n");
                out.append("| parameter | default | what it is | values | applies |\n|---|---|---|---|---|\n");
            }
            String text = parameter.defaultText();
            out.append("| `").append(parameter.name()).append("` | ");
            if (text == null) {
                out.append("from the machine");
            } else if (!text.isEmpty()) {
                out.append('`').append(text).append('`');
            }
            out.append(" | ").append(parameter.purpose());
            out.append(" | ").append(parameter.type().expected());
            out.append(" | ").append(parameter.applies().text()).append(" |\n");
        }
        appendEarlierNames(out);
        appendPostfixNames(out);
        return out.toString();
    }

    private static void appendEarlierNames(StringBuilder out) {
        LegacyNames names = LegacyNames.table();
        out.append("\n### Names of earlier releases\n\nEach start warns of them. ")
                .append("The value of the first kind holds as the default of what it is called today, ")
                .append("where that is implemented;\n"
                        + "words of restriction lists hold as what they are called today.\n\n");
        out.append("| name | today | kind |\n|---|---|---|\n");
        names.renamed().forEach((name, today) -> appendName(out, name, "`" + today + "`", "renamed"));
        names.replaced().forEach((name, today) -> appendName(out, name, today, "has no effect"));
        names.restrictions()
                .forEach((name, today) ->
                        appendName(out, name, today.isEmpty() ? "left out" : "`" + today + "`", "restriction"));
    }

    private static void appendName(StringBuilder out, String name, String today, String kind) {
        out.append("| `").append(name).append("` | ").append(today);
        out.append(" | ").append(kind).append(" |\n");
    }

    /** Plain lists: {@code postconf -d} tells their defaults. */
    private static void appendPostfixNames(StringBuilder out) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        List<String> notBuilt = new ArrayList<>();
        for (PostfixNames.Entry entry : PostfixNames.known().all()) {
            String reason = entry.reason();
            (reason == null ? notBuilt : byReason.computeIfAbsent(reason, key -> new ArrayList<>())).add(shown(entry));
        }
        out.append("\n### Without a meaning here\n\n")
                .append("Parameters of Postfix that have nothing to steer here, so that nobody misses what they do. ")
                .append("No start warns of them, nor of those\nabove that apply 'none'; ")
                .append("`postfix check` names those that are set, once. `$name` finds their values.\n");
        byReason.forEach((reason, names) -> {
            out.append("\n- As ").append(reason).append(":\n");
            appendNames(out, "  ", names);
        });
        out.append("\n### Known, but not implemented yet\n\n")
                .append("Parameters of Postfix that do nothing here; each start warns of those that are set ")
                .append("to something else than their default.\n`postconf` shows them, with Postfix's ")
                .append("defaults, and `$name` finds their values.\n\n");
        appendNames(out, "", notBuilt);
    }

    private static String shown(PostfixNames.Entry entry) {
        return switch (entry.kind()) {
            case PER_TRANSPORT -> Parameter.TRANSPORT + entry.name();
            default -> entry.name();
        };
    }

    private static void appendNames(StringBuilder out, String indent, List<String> names) {
        int length = LINE_LENGTH;
        for (String name : names) {
            boolean isFull = length + name.length() + 3 > LINE_LENGTH;
            if (isFull) {
                out.append(out.charAt(out.length() - 1) == '\n' ? "" : "\n").append(indent);
                length = indent.length();
            } else {
                out.append(' ');
                length++;
            }
            out.append('`').append(name).append('`');
            length += name.length() + 2;
        }
        out.append('\n');
    }
}
