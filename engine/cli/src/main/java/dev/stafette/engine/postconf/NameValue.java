// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;

/**
 * {@code name = value}, with the white space around both dropped.
 * Thread: any (a value).
 */
record NameValue(String name, String value) {
    /** Throws a {@link ConfigException} that says what is missing, without where. */
    static NameValue parse(String text) {
        String trimmed = LogicalLine.trim(text);
        int nameEnd = 0;
        while (nameEnd < trimmed.length()
                && trimmed.charAt(nameEnd) != '='
                && !LogicalLine.isSpace(trimmed.charAt(nameEnd))) {
            nameEnd++;
        }
        if (nameEnd == 0) {
            throw new ConfigException("missing attribute name: \"" + text + "\"");
        }
        int at = nameEnd;
        while (at < trimmed.length() && LogicalLine.isSpace(trimmed.charAt(at))) {
            at++;
        }
        if (at == trimmed.length() || trimmed.charAt(at) != '=') {
            throw new ConfigException("missing '=' after attribute name: \"" + text + "\"");
        }
        return new NameValue(trimmed.substring(0, nameEnd), LogicalLine.trim(trimmed.substring(at + 1)));
    }
}
