// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.engine.config.Settings;

/**
 * What main.cf says about non-delivery reports.
 * Thread: any (a value).
 *
 * @param bounceSizeLimitBytes {@code bounce_size_limit}: of a longer message only the header is returned
 */
public record BounceSettings(String hostName, long bounceSizeLimitBytes) {
    public static BounceSettings of(Settings settings) {
        return new BounceSettings(settings.text("myhostname"), settings.count("bounce_size_limit"));
    }
}
