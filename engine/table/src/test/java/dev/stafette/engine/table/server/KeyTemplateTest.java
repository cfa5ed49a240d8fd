// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTemplateTest {
    private static @Nullable String query(String template, String key) {
        return KeyTemplate.parse(template).expand(new LookupKey(key), (text, to) -> to.append(text));
    }

    private static @Nullable String result(String template, String key, String value) {
        return KeyTemplate.parse(template).expandResult(new LookupKey(key), value);
    }

    @ParameterizedTest
    @CsvSource({
        "%s, a@b@c.d, a@b@c.d",
        "%u|%d, a@b@c.d, a@b|c.d",
        "%U|%D|%S, a@c.d, a|c.d|a@c.d",
        "%u, plain, plain",
        "%1.%2.%3, x@mail.example.com, com.example.mail",
        "100%%, x, 100%",
        "%%s, x, %s",
    })
    void expandsQuery(String template, String key, String expected) {
        assertEquals(expected, query(template, key));
    }

    @ParameterizedTest
    @CsvSource({
        "%d, plain",
        "%d, plain@",
        "%u, @example.com",
        "%1, plain",
        "%3, x@example.com",
        "%2, x@.com",
        "%2, x@example..com",
        "%1, x@example.com.",
    })
    void hasNoQueryForKeyThatLacksPart(String template, String key) {
        assertNull(query(template, key));
    }

    @Test
    void takesResultFromValueAndCapitalsFromKey() {
        assertEquals("v@w", result("%s", "k@l.m", "v@w"));
        assertEquals("v|w|k|l.m|k@l.m|m", result("%u|%d|%U|%D|%S|%1", "k@l.m", "v@w"));
        assertEquals("value@l.m", result("%u@%D", "k@l.m", "value"));
        assertNull(result("%d", "k@l.m", "value"));
        assertNull(result("%D", "k", "value"));
        assertNull(result("%u", "k", "@value"));
    }

    @Test
    void refusesUnknownLetter() {
        assertThrows(IllegalArgumentException.class, () -> KeyTemplate.parse("%x"));
        assertThrows(IllegalArgumentException.class, () -> KeyTemplate.parse("%0"));
    }
}
