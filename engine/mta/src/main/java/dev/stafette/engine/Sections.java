// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.delivery.ClientSection;
import dev.stafette.engine.delivery.DnsSection;
import dev.stafette.engine.delivery.RouteSection;
import dev.stafette.engine.event.ReplyRules;
import dev.stafette.engine.queue.SchedulerSection;
import dev.stafette.engine.queue.StorageSection;
import dev.stafette.engine.verify.VerifySettings;
import java.nio.file.Path;
import java.util.List;

/**
 * The list of sections that know more of a value than its type in the table of parameters can say.
 * Thread: start-up and reload.
 */
public final class Sections {
    private Sections() {}

    /** Of main.cf, or of a row of master.cf; a ConfigException says what is wrong. */
    public static void check(Settings settings) {
        StorageSection.of(settings, Path.of("/"));
        SchedulerSection.of(settings, List.of());
        RouteSection.of(settings);
        DnsSection.of(settings);
        ClientSection.of(settings, null);
        VerifySettings.check(settings);
        ReplyRules.check(settings);
    }
}
