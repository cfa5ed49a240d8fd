// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code name=value; name=value} (RFC 6376 §3.2), as signatures, keys and policies have it.
 * Thread: any (it does not change).
 */
public final class TagList {
    private final Map<String, String> values;

    private TagList(Map<String, String> values) {
        this.values = values;
    }

    /** Null: it is none, or has a name twice. */
    public static @Nullable TagList parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        String[] tags = text.split(";", -1);
        for (int i = 0; i < tags.length; i++) {
            String tag = tags[i].strip();
            if (tag.isEmpty() && i == tags.length - 1) {
                // The last semicolon ends a tag, or comes before none.
                continue;
            }
            int equals = tag.indexOf('=');
            String name = equals < 0 ? "" : tag.substring(0, equals).strip();
            if (!isName(name)
                    || values.putIfAbsent(name, tag.substring(equals + 1).strip()) != null) {
                return null;
            }
        }
        return new TagList(values);
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && (i == 0 || (c < '0' || c > '9') && c != '_')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** The name of the first; empty: there is none. */
    public String first() {
        return values.isEmpty() ? "" : values.keySet().iterator().next();
    }

    public @Nullable String get(String name) {
        return values.get(name);
    }

    public String get(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** In lower case. White space within is a part of it (RFC 6376 §3.2), so that it is none of the words that are known. */
    public String word(String name, String otherwise) {
        return values.getOrDefault(name, otherwise).toLowerCase(Locale.ROOT);
    }

    /** Null: it is not there, or not in that form. */
    byte @Nullable [] base64(String name) {
        String text = values.get(name);
        if (text == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** -1: it is not there; -2: it is no number, or a longer one than RFC 6376 §3.5 gives times and lengths. */
    long number(String name) {
        String text = values.get(name);
        if (text == null) {
            return -1;
        }
        return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : -2;
    }
}
