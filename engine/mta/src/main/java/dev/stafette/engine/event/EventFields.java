// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.admin.JsonWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an event. Those that say nothing are left out.
 * Thread: any.
 */
public final class EventFields {
    private final JsonWriter json;

    private EventFields(JsonWriter json) {
        this.json = json;
    }

    /** {@code timeMs}: since 1970. */
    public static EventFields begin(JsonWriter json, String event, long timeMs) {
        json.beginObject().key("event").value(event);
        return new EventFields(json).put("time", instant(timeMs));
    }

    public static String instant(long timeMs) {
        // With all three digits, so that all lines have the same form.
        String text =
                Instant.ofEpochMilli(timeMs).truncatedTo(ChronoUnit.SECONDS).toString();
        String ms = String.valueOf(1000 + Math.floorMod(timeMs, 1000L)).substring(1);
        return text.substring(0, text.length() - 1) + '.' + ms + 'Z';
    }

    public EventFields put(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            json.key(name).value(value);
        }
        return this;
    }

    public EventFields put(String name, long value) {
        json.key(name).value(value);
        return this;
    }

    /** Left out where it is false. */
    public EventFields put(String name, boolean value) {
        if (value) {
            json.key(name).value(true);
        }
        return this;
    }

    public void end() {
        json.endObject();
    }
}
