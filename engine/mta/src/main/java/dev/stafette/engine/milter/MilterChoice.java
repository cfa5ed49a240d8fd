// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import org.jspecify.annotations.Nullable;

/**
 * What smtpd_milter_maps has for a client.
 * Thread: any (a value).
 *
 * @param list as smtpd_milters has it; null: what that says holds
 */
public record MilterChoice(@Nullable String list) {
    static final MilterChoice USUAL = new MilterChoice(null);
}
