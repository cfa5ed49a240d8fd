// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressRewriter;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says about messages as they come in.
 * Thread: any (a value).
 *
 * @param hostName {@code myhostname}
 * @param hopCountMax {@code hopcount_limit}: a message with as many Received fields is in a loop
 * @param headerBytesMax {@code header_size_limit}: of one header field; 0: no limit
 * @param rewriter completes addresses in the headers of those that are written here; null: they stay
 * @param addressTokensMax {@code header_address_token_limit}
 * @param fromIsObsolete {@code header_from_format}: the name in a comment behind the address
 * @param steps what is done to a message before it enters the queue
 */
public record IntakeSettings(
        String hostName,
        int hopCountMax,
        int headerBytesMax,
        @Nullable AddressRewriter rewriter,
        int addressTokensMax,
        boolean fromIsObsolete,
        IntakeSteps steps) {
    private static final int TOKENS_MAX = 10_240;

    /** With headers whose addresses stay as they are. */
    public IntakeSettings(String hostName, int hopCountMax, int headerBytesMax) {
        this(hostName, hopCountMax, headerBytesMax, null, TOKENS_MAX, false, IntakeSteps.ALL);
    }

    /** {@code rewriter}: completes addresses as the settings say. */
    public static IntakeSettings of(Settings settings, AddressRewriter rewriter) {
        return new IntakeSettings(
                settings.text("myhostname"),
                settings.count("hopcount_limit"),
                settings.count("header_size_limit"),
                rewriter,
                settings.count("header_address_token_limit"),
                settings.choice("header_from_format").equals("obsolete"),
                IntakeSteps.ALL);
    }
}
