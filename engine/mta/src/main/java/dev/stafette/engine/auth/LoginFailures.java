// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often logins have failed lately, by client and by user: each failure makes the next answer later for both.
 * Thread: any.
 */
final class LoginFailures {
    /** As Dovecot slows clients down. */
    static final long DELAY_MS_MIN = 2_000;

    static final long DELAY_MS_MAX = 16_000;

    /** After so long without another all is forgotten. */
    static final long MEMORY_NS = 120_000_000_000L;

    static final int KEYS_MAX = 10_000;

    /** Names that are the same up to there are one: they are what strangers say, and could fill the memory. */
    private static final int KEY_CHARS_MAX = 256;

    private record Failures(int count, long lastNs) {}

    private final long delayMsMin;

    // Guarded by this; the oldest first.
    private final Map<String, Failures> failures = new LinkedHashMap<>();

    LoginFailures(long delayMsMin) {
        this.delayMsMin = delayMsMin;
    }

    /** Counts one, and returns how long its answer has to wait. */
    synchronized long countAndDelayMs(String client, String user, long nowNs) {
        int count = Math.max(count(key('c', client), nowNs), user.isEmpty() ? 0 : count(key('u', user), nowNs));
        return Math.min(DELAY_MS_MAX, delayMsMin << Math.min(count - 1, 8));
    }

    private int count(String key, long nowNs) {
        Failures before = failures.remove(key);
        int count = before == null || nowNs - before.lastNs > MEMORY_NS ? 1 : before.count + 1;
        failures.put(key, new Failures(count, nowNs));
        if (failures.size() > KEYS_MAX) {
            failures.remove(failures.keySet().iterator().next());
        }
        return count;
    }

    /** The client has got in: it is not guessing. */
    synchronized void forgive(String client, String user) {
        failures.remove(key('c', client));
        failures.remove(key('u', user));
    }

    private static String key(char kind, String name) {
        return kind + name.substring(0, Math.min(name.length(), KEY_CHARS_MAX));
    }
}
