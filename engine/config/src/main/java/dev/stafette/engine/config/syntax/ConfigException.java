// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

/**
 * The configuration is wrong, so the process refuses to start. The message names file and line, the parameter, and what
 * was expected.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    public static ConfigException badValue(String origin, String parameter, String value, String expected) {
        return new ConfigException(
                origin + ": parameter '" + parameter + "': " + value + " (expected: " + expected + ")");
    }

    public static ConfigException badColumn(
            String origin, String service, String column, String value, String expected) {
        return new ConfigException(
                origin + ": service '" + service + "': " + column + ": " + value + " (expected: " + expected + ")");
    }

    public boolean namesParameter() {
        return String.valueOf(getMessage()).contains(": parameter '");
    }
}
