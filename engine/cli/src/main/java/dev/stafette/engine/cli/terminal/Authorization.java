// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import dev.stafette.engine.admin.UserRight;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import java.nio.file.Path;

/**
 * Whether main.cf lets the caller do something.
 * Thread: main.
 */
public final class Authorization {
    /** What the JDK calls somebody without a name. */
    private static final String NAMELESS = "?";

    private Authorization() {}

    /** Why he may not; empty when he may. */
    public static String reasonAgainst(UserRight right, Settings settings, Path configDirectory) {
        String name = LocalHost.userName();
        String user = name.equals(NAMELESS) ? UserRight.UNKNOWN_USER : name;
        return right.reasonAgainst(user, user + "(" + LocalHost.userId() + ")", settings, configDirectory);
    }
}
