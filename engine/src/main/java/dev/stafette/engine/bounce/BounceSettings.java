// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.engine.config.Settings;

/**
 * What main.cf says about reports to senders.
 * Thread: any (a value).
 *
 * @param bounceSizeLimitBytes {@code bounce_size_limit}: of a longer message only the header is returned
 * @param queueLifetimeMs {@code maximal_queue_lifetime}: how long a late message will be tried
 */
public record BounceSettings(String hostName, long bounceSizeLimitBytes, long queueLifetimeMs) {
    public static BounceSettings of(Settings settings) {
        return new BounceSettings(
                settings.text("myhostname"),
                settings.count("bounce_size_limit"),
                settings.time("maximal_queue_lifetime").toMillis());
    }
}
