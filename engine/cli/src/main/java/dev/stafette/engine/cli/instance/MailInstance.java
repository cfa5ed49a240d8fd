// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A configuration of several on one machine.
 * Thread: main.
 *
 * @param name, group empty: it has none
 */
record MailInstance(Path directory, String name, String group, boolean isEnabled, Configuration configuration) {
    /** Stands for what has no name or no group. */
    static final String NONE = "-";

    /** What every name begins with. */
    static final String PREFIX = "postfix-";

    /** The primary one first, then those that its {@code multi_instance_directories} lists. */
    static List<MailInstance> all(Path primary) {
        MailInstance first = read(primary);
        List<MailInstance> all = new ArrayList<>(List.of(first));
        for (String directory : directories(first.configuration.settings())) {
            if (!directory.startsWith("/")) {
                throw new ConfigException(
                        "multi_instance_directories: no or empty instance pathname: '" + directory + "'");
            }
            all.add(read(Path.of(directory)));
        }
        return all;
    }

    static List<String> directories(Settings settings) {
        return settings.words("multi_instance_directories");
    }

    private static MailInstance read(Path directory) {
        Configuration configuration = Configuration.readMainCf(directory, new LocalHost());
        Settings settings = configuration.settings();
        return new MailInstance(
                directory,
                settings.text("multi_instance_name"),
                settings.text("multi_instance_group"),
                settings.flag("multi_instance_enable"),
                configuration);
    }

    boolean isNamed(String wanted) {
        return name.isEmpty() ? wanted.equals(NONE) : name.equals(wanted) || name.equals(PREFIX + wanted);
    }

    boolean isOfGroup(String wanted) {
        return group.isEmpty() ? wanted.equals(NONE) : group.equals(wanted);
    }
}
