// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static JsonObject parse(String text) {
        JsonObject object = JsonObject.parse(text);
        if (object == null) {
            throw new AssertionError("refused: " + text);
        }
        return object;
    }

    @Test
    void writesAsPostqueueDoes() {
        JsonWriter json = new JsonWriter().beginObject();
        json.key("a").value("x\"\\\n\u0001\u007f/é").key("n").value(-5).key("b").value(true);
        json.key("list").beginArray();
        json.beginObject().key("c").value("").endObject();
        json.beginObject().endObject();
        json.endArray().key("none").beginArray().endArray().endObject();
        assertEquals(
                "{\"a\": \"x\\\"\\\\\\n\\u0001\\u007f/é\", \"n\": -5, \"b\": true, \"list\": [{\"c\": \"\"}, {}], \"none\": []}",
                json.toString());
    }

    @Test
    void readsWhatItWrites() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                text.appendCodePoint(random.nextBoolean() ? random.nextInt(128) : 0xa0 + random.nextInt(0xd700));
            }
            String value = text.toString();
            String json = new JsonWriter()
                    .beginObject()
                    .key("k")
                    .value(value)
                    .endObject()
                    .toString();
            assertEquals(value, parse(json).text("k"), json);
            assertEquals(-1, json.indexOf('\n'));
        }
    }

    @Test
    void readsEveryKindOfValue() {
        JsonObject object = parse(
                " {\"t\":\"a\\u00e9\\ud83d\\ude00\\/\", \"n\" : -12 ,\"d\":1.5e3,\"y\":true,\"f\":false,\"z\":null,"
                        + "\"l\":[{\"x\":1},null,{\"x\":2}],\"o\":{}}\r\n");
        assertEquals("aé\ud83d\ude00/", object.text("t"));
        assertEquals(-12, object.number("n"));
        assertEquals(1500, object.number("d"));
        assertTrue(object.flag("y"));
        assertFalse(object.flag("f") || object.flag("nosuch") || object.has("z"));
        assertEquals(2, object.objects("l").size());
        assertEquals(2, object.objects("l").get(1).number("x"));
        assertEquals("", object.text("n"));
        assertEquals(0, object.number("t"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "{",
                "}",
                "{}x",
                "{} {}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\":1 \"b\":2}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":tru}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"x}",
                "{\"a\":\"\t\"}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}"
            })
    void refusesWhatIsNoObject(String text) {
        assertNull(JsonObject.parse(text));
    }

    @Test
    void refusesToNestWithoutEnd() {
        assertNull(JsonObject.parse("{\"a\":" + "[".repeat(100_000)));
        assertNull(JsonObject.parse("{\"a\":".repeat(100_000)));
    }

    @Test
    void survivesEveryCutAndEveryFlip() {
        String text = "{\"a\": [{\"b\": \"c\\u00e9\"}, 1.5, null], \"d\": {\"e\": false}}";
        Random random = new Random(11);
        for (int i = 0; i < text.length(); i++) {
            assertNull(JsonObject.parse(text.substring(0, i)));
            StringBuilder flipped = new StringBuilder(text);
            flipped.setCharAt(i, (char) (' ' + random.nextInt(95)));
            JsonObject.parse(flipped.toString());
        }
    }
}
