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
    private final String ownName;
    private final String ownProgram;
    final byte[] smtpd;
    final byte[] cleanup;
    final byte[] qmgr;
    final byte[] bounce;

    /** The heads of all other programs; as many as master.cf has rows. */
    private final Map<String, byte[]> others = new ConcurrentHashMap<>();

    LogHeads(LogSettings settings) {
        this(settings, settings.syslogName(), "");
    }

    /** @param ownName the syslog_name of one program's row; the others that it meets have the usual one */
    LogHeads(LogSettings settings, String ownName, String ownProgram) {
        this.settings = settings;
        this.ownName = ownName;
        this.ownProgram = ownProgram;
        this.smtpd = head("smtpd");
        this.cleanup = head("cleanup");
        this.qmgr = head("qmgr");
        this.bounce = head("bounce");
    }

    private byte[] head(String program) {
        return program.equals(ownProgram) ? settings.withSyslogName(ownName).head(program) : settings.head(program);
    }

    byte[] of(String program) {
        byte[] known = others.get(program);
        return known != null ? known : others.computeIfAbsent(program, this::head);
    }
}
