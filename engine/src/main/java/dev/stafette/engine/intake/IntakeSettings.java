// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.config.Settings;

/**
 * What main.cf says about messages as they come in.
 * Thread: any (a value).
 *
 * @param hostName {@code myhostname}
 * @param hopCountMax {@code hopcount_limit}: a message with as many Received fields is in a loop
 * @param headerBytesMax {@code header_size_limit}: of one header field; 0: no limit
 */
public record IntakeSettings(String hostName, int hopCountMax, int headerBytesMax) {
    public static IntakeSettings of(Settings settings) {
        return new IntakeSettings(
                settings.text("myhostname"), settings.count("hopcount_limit"), settings.count("header_size_limit"));
    }
}
