// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import java.time.ZoneOffset;
import java.util.List;

/** A mail log whose lines a test can look at. */
public final class KeptLog implements AutoCloseable {
    private static final LogSettings SETTINGS =
            new LogSettings(null, "0600", "mail", "mx", "postfix", 1, 2, ZoneOffset.UTC, false);

    private static final int RING_BYTES = 1 << 16;

    private final KeptOutput output = new KeptOutput();
    private final MailLog log;

    public KeptLog() {
        this(RING_BYTES);
    }

    private KeptLog(int ringBytes) {
        log = MailLog.of(SETTINGS, LogPipe.open(output, ringBytes, SETTINGS, () -> 0));
    }

    /** Loses nothing of thousands of lines that come at once, however late its writer gets to them. */
    public static KeptLog ofMany() {
        return new KeptLog(LogPipe.RING_BYTES);
    }

    public MailLog log() {
        return log;
    }

    /** Without time, host and process id: {@code smtpd: connect from ...}. Ends the log. */
    public List<String> lines() {
        log.close();
        return output.lines().stream()
                .map(line -> line.replaceFirst("^.*? mx postfix/([\\w/-]+)\\[1\\]", "$1"))
                .toList();
    }

    @Override
    public void close() {
        log.close();
    }
}
