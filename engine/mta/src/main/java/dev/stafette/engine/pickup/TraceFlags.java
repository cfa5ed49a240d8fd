// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.envelope.TraceMode;

/**
 * The attribute of a message in {@code maildrop/} that asks for a report, with the numbers that Postfix has for it. Probes do
 * not come in that way.
 * Thread: any (constants).
 */
public final class TraceFlags {
    public static final String ATTRIBUTE = "trace_flags";

    private static final int PROBE = 256;
    private static final int VERIFY = 512;
    private static final int RECORD = 1024;
    static final int MASK = VERIFY | RECORD;

    private TraceFlags() {}

    static TraceMode mode(int flags) {
        if ((flags & VERIFY) != 0) {
            return TraceMode.VERIFY;
        }
        return (flags & RECORD) != 0 ? TraceMode.RECORD : TraceMode.NONE;
    }

    /** The attribute's value. */
    public static String value(TraceMode mode) {
        return switch (mode) {
            case NONE -> "0";
            case RECORD -> Integer.toString(RECORD);
            case VERIFY -> Integer.toString(VERIFY);
            case PROBE -> Integer.toString(PROBE);
        };
    }
}
