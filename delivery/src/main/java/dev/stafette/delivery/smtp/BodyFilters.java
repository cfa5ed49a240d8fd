// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.MessageBody;
import org.jspecify.annotations.Nullable;

/** Chooses what a message's content needs before a server may see it. Thread: any (pure). */
final class BodyFilters {
    private BodyFilters() {}

    /** Returns null where the content goes as it is stored. */
    static @Nullable BodyFilter choose(MessageBody body, EhloCapabilities offered, SmtpClientSettings settings) {
        return null;
    }
}
