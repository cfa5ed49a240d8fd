// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A work as text on one line: names with values, each of which may stand there several times, in the form of an HTML form's.
 * Thread: the owner's.
 */
final class WorkFields {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    WorkFields put(String name, String value) {
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    WorkFields put(String name, long value) {
        return put(name, Long.toString(value));
    }

    /** Empty where there is none. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    String text(String name) throws IOException {
        List<String> all = all(name);
        if (all.size() != 1) {
            throw new IOException("work with " + all.size() + " values of " + name + " (expected: 1)");
        }
        return all.get(0);
    }

    long number(String name) throws IOException {
        String text = text(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("work with " + name + ": " + text + " (expected: a number)", e);
        }
    }

    int id(String name) throws IOException {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(number(name), Integer.MAX_VALUE));
    }

    Path path(String name) throws IOException {
        String text = text(name);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IOException("work with " + name + ": " + text + " (expected: a path)", e);
        }
    }

    static WorkFields parse(String line) throws IOException {
        WorkFields fields = new WorkFields();
        for (String pair : line.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new IOException("work without a value: " + pair);
            }
            try {
                fields.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new IOException("work that is not in its form: " + pair, e);
            }
        }
        return fields;
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        values.forEach((name, all) -> all.forEach(value -> line.append(line.length() == 0 ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
        return line.toString();
    }
}
