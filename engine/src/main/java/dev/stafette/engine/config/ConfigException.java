// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

/**
 * The configuration is wrong, so the process refuses to start. The message names file and line, the parameter, and what
 * was expected.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigException(String message) {
        super(message);
    }

    static ConfigException badValue(String origin, String parameter, String value, String expected) {
        return new ConfigException(
                origin + ": parameter '" + parameter + "': " + value + " (expected: " + expected + ")");
    }
}
