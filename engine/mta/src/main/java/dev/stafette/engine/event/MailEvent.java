// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.admin.JsonWriter;

/** One thing that has become of one recipient of a message. Thread: any (a value). */
public interface MailEvent {
    /** Writes its line. Thread: the event log's, which is where the work is done. */
    void write(JsonWriter json, ReplyRules rules);
}
