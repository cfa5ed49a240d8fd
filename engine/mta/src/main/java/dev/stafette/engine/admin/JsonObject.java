// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that was read; a member whose value is {@code null} counts as missing.
 * Thread: the one that read it.
 */
public final class JsonObject {
    private final Map<String, Object> members = new LinkedHashMap<>();

    JsonObject() {}

    /** Null when the text is no JSON object (RFC 8259), or one nested deeper than a request or an answer is. */
    public static @Nullable JsonObject parse(String text) {
        return new JsonReader(text).readObject();
    }

    void put(String name, Object value) {
        members.put(name, value);
    }

    /** Empty when there is no such text. */
    public String text(String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** 0 when there is no such number. */
    public long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    public boolean flag(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    /** The texts of an array; empty when there is none. */
    public List<String> texts(String name) {
        return elements(name, String.class);
    }

    /** The whole numbers of an array; empty when there is none. */
    public List<Long> numbers(String name) {
        return elements(name, Long.class);
    }

    /** The objects of an array; empty when there is none. */
    public List<JsonObject> objects(String name) {
        return elements(name, JsonObject.class);
    }

    /** Without a stream, which takes a good part of the time of a command that lists a queue. */
    private <T> List<T> elements(String name, Class<T> type) {
        List<T> all = new ArrayList<>();
        if (members.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (type.isInstance(element)) {
                    all.add(type.cast(element));
                }
            }
        }
        return all;
    }
}
