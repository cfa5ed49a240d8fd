// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * What administration asks of the process as a whole.
 * Thread: called on the admin thread; must not block, except {@link #reload} for as long as reading the files takes.
 */
public interface ProcessControl {
    /** Lets sessions and deliveries in progress end within their bound, then ends the process; returns at once. */
    void stop();

    /** Ends the process without waiting for sessions and deliveries; returns at once. */
    void abort();

    /**
     * Reads main.cf and master.cf again and applies what can be applied. Returns warnings, one a line, among them what
     * needs a restart; throws a ConfigException when the files are wrong, and then nothing has changed.
     */
    List<String> reload();
}
