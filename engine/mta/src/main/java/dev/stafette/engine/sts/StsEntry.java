// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

/**
 * A policy that was fetched.
 * Thread: any (a value).
 *
 * @param id as DNS had it then (RFC 8461 §3.1)
 * @param fetchedMs by the wall clock
 */
record StsEntry(String id, StsPolicy policy, long fetchedMs) {
    /** RFC 8461 §10.2: so that a policy does not run out unnoticed. */
    private static final long REFRESH_MS = 86_400_000;

    boolean isValid(long nowMs) {
        return nowMs - fetchedMs < policy.maxAgeSeconds() * 1000;
    }

    boolean isFresh(long nowMs) {
        return nowMs - fetchedMs < REFRESH_MS;
    }
}
