// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

/**
 * Prints the table of parameters for people: the part of {@code conf/README.md} that is not written by hand.
 * Thread: any (stateless).
 */
final class ParameterReference {
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
        return out.toString();
    }
}
