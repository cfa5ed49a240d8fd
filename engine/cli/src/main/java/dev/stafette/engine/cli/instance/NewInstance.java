// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.config.syntax.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directories of a configuration that is to be made: those that are named, or else beside those of the primary one,
 * under its name.
 * Thread: main.
 */
final class NewInstance {
    private static final String CONFIG = "config_directory";
    private static final String QUEUE = "queue_directory";
    private static final String DATA = "data_directory";

    private final Map<String, String> named = new LinkedHashMap<>();

    /** {@code operands}: {@code name=value}. */
    NewInstance(List<String> operands) {
        for (String operand : operands) {
            int equals = operand.indexOf('=');
            if (equals <= 0) {
                throw new ConfigException("Malformed parameter setting '" + operand + "'");
            }
            String name = operand.substring(0, equals).strip();
            if (!List.of(CONFIG, QUEUE, DATA).contains(name)) {
                throw new ConfigException("Parameter '" + name + "' not valid with action create");
            }
            String value = operand.substring(equals + 1).strip();
            if (!value.startsWith("/")) {
                throw new ConfigException("Parameter setting '" + name + "' is not an absolute path");
            }
            named.put(name, Path.of(value).normalize().toString());
        }
    }

    Path directory(MailInstance primary, String newName) {
        return Path.of(path(CONFIG, primary.directory().toString(), newName));
    }

    /** What its main.cf says. */
    List<String> settings(MailInstance primary, String newName) {
        return List.of(
                QUEUE + "="
                        + path(QUEUE, primary.configuration().queueDirectory().toString(), newName),
                DATA + "=" + path(DATA, primary.configuration().settings().anyText(DATA), newName),
                // Nobody has asked for mail from here yet, and its ports are still those of the primary one.
                "authorized_submit_users=",
                "master_service_disable=inet");
    }

    private String path(String parameter, String ofPrimary, String newName) {
        String given = named.get(parameter);
        if (given != null) {
            return given;
        }
        if (newName.isEmpty() || newName.equals(MailInstance.NONE)) {
            throw new ConfigException("Missing " + parameter + " parameter value");
        }
        return Path.of(ofPrimary).resolveSibling(newName).toString();
    }
}
