// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/** The conditions of a NOTIFY parameter as bits of an int; 0 means that none was given (RFC 3461 §4.1). */
public final class DsnNotify {
    public static final int UNSPECIFIED = 0;
    public static final int NEVER = 1;
    public static final int SUCCESS = 2;
    public static final int FAILURE = 4;
    public static final int DELAY = 8;

    private DsnNotify() {}

    /** RFC 3461 §4.1: without the parameter, failure is reported, and delay may be. */
    public static boolean wantsFailure(int notify) {
        return notify == UNSPECIFIED || (notify & FAILURE) != 0;
    }

    public static boolean wantsDelay(int notify) {
        return notify == UNSPECIFIED || (notify & DELAY) != 0;
    }

    /** What is left of it where success has been told. */
    public static int withoutSuccess(int notify) {
        return notify == SUCCESS ? NEVER : notify & ~SUCCESS;
    }

    public static boolean wantsSuccess(int notify) {
        return (notify & SUCCESS) != 0;
    }
}
