// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.engine.config.Settings;

/**
 * How much of a message is looked at, and in what pieces.
 * Thread: any (a value).
 *
 * @param fieldBytes of a field, about
 * @param lineBytes longer lines are looked at in pieces of this size
 * @param bodyBytes of each body; 0: all
 * @param depth of multiparts in one another
 * @param boundaryBytes of a boundary
 * @param readsParts the structure of the message is looked at; else all behind its header is body
 */
record ContentLimits(int fieldBytes, int lineBytes, int bodyBytes, int depth, int boundaryBytes, boolean readsParts) {
    /** Where {@code header_size_limit} sets none: what a header may take in memory. */
    private static final int FIELD_BYTES_MAX = 1 << 20;

    static ContentLimits of(Settings settings, boolean ignoresParts, boolean limitsBody) {
        int fieldBytes = settings.count("header_size_limit");
        return new ContentLimits(
                fieldBytes == 0 ? FIELD_BYTES_MAX : Math.min(fieldBytes, FIELD_BYTES_MAX),
                settings.count("line_length_limit"),
                limitsBody ? settings.count("body_checks_size_limit") : 0,
                settings.count("mime_nesting_limit"),
                settings.count("mime_boundary_length_limit"),
                !ignoresParts);
    }
}
