// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.engine.config.Settings;

/**
 * For how long what is known of an address counts.
 * Thread: any (a value). Times are seconds.
 *
 * @param positiveExpireS address_verify_positive_expire_time
 * @param positiveRefreshS address_verify_positive_refresh_time
 * @param negativeExpireS address_verify_negative_expire_time
 * @param negativeRefreshS address_verify_negative_refresh_time
 */
record LifeTimes(long positiveExpireS, long positiveRefreshS, long negativeExpireS, long negativeRefreshS) {
    /** After this time a probe that an earlier process has sent counts as lost, as in Postfix. */
    static final long PROBE_S_MAX = 1000;

    static LifeTimes of(Settings settings) {
        return new LifeTimes(
                settings.time("address_verify_positive_expire_time").toSeconds(),
                settings.time("address_verify_positive_refresh_time").toSeconds(),
                settings.time("address_verify_negative_expire_time").toSeconds(),
                settings.time("address_verify_negative_refresh_time").toSeconds());
    }

    /** Nothing is known any more, and nothing will be. */
    boolean isExpired(CacheEntry entry, long nowS) {
        long life = entry.status() == AddressStatus.DELIVERABLE ? positiveExpireS : negativeExpireS;
        return !isProbed(entry, nowS) && entry.updatedS() + life < nowS;
    }

    /** It is time for a probe. */
    boolean isStale(CacheEntry entry, long nowS) {
        long life = entry.status() == AddressStatus.DELIVERABLE ? positiveRefreshS : negativeRefreshS;
        return !isProbed(entry, nowS) && entry.updatedS() + life < nowS;
    }

    private static boolean isProbed(CacheEntry entry, long nowS) {
        return nowS - entry.probedS() <= PROBE_S_MAX;
    }
}
