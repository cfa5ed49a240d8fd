// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import org.jspecify.annotations.Nullable;

/**
 * Which delimiters of {@link Verp} may be asked for.
 * Thread: any (a value).
 *
 * @param standard default_verp_delimiters: those of whoever names none
 * @param allowed verp_delimiter_filter
 */
public record VerpRules(String standard, String allowed) {
    /** {@code delimiters}: empty for the standard ones. Null: they make no sense. */
    public @Nullable Verp choose(String delimiters) {
        Verp verp = Verp.parse(delimiters.isEmpty() ? standard : delimiters);
        return verp != null && verp.isOf(allowed) ? verp : null;
    }
}
