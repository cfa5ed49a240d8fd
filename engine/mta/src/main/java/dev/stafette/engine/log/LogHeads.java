// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What stands between the time and the text of a line, for each program.
 * Thread: any.
 */
final class LogHeads {
    final LogSettings settings;
    final byte[] smtpd;
    final byte[] cleanup;
    final byte[] qmgr;
    final byte[] bounce;

    /** The heads of all other programs; as many as master.cf has rows. */
    private final Map<String, byte[]> others = new ConcurrentHashMap<>();

    LogHeads(LogSettings settings) {
        this.settings = settings;
        this.smtpd = settings.head("smtpd");
        this.cleanup = settings.head("cleanup");
        this.qmgr = settings.head("qmgr");
        this.bounce = settings.head("bounce");
    }

    byte[] of(String program) {
        byte[] known = others.get(program);
        return known != null ? known : others.computeIfAbsent(program, settings::head);
    }
}
