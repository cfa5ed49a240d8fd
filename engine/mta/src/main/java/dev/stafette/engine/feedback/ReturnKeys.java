// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.envelope.ReturnAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys of return addresses: the first seals, all of them are believed. So a new one is put on top, and an old one is taken out
 * when nothing that it sealed can come back any more.
 * Thread: any (it does not change).
 */
final class ReturnKeys {
    private static final int KEY_BYTES_MIN = 16;
    private static final int KEYS_MAX = 32;

    private final Map<Character, byte[]> byId;

    private ReturnKeys(Map<Character, byte[]> byId) {
        this.byId = byId;
    }

    /** Lines {@code id key}: a letter and base64. An IOException says what is wrong. */
    static ReturnKeys read(Path file) throws IOException {
        Map<Character, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            boolean isRight = words.length == 2 && words[0].length() == 1 && ReturnAddress.DIGITS.contains(words[0]);
            byte[] key = isRight ? key(words[1]) : new byte[0];
            // Of the key nothing is told.
            if (key.length < KEY_BYTES_MIN || keys.size() == KEYS_MAX || keys.put(words[0].charAt(0), key) != null) {
                throw new IOException(
                        "line " + number + " of " + file + " (expected: one of a-z2-7 that no other line has,"
                                + " and base64 of " + KEY_BYTES_MIN + " bytes or more)");
            }
        }
        if (keys.isEmpty()) {
            throw new IOException(file + " has no key");
        }
        return new ReturnKeys(keys);
    }

    private static byte[] key(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    boolean areOf(ReturnAddress address) {
        byte[] key = byId.get(address.keyId());
        return key != null && address.isValid(key);
    }

    char firstId() {
        return byId.keySet().iterator().next();
    }

    byte[] first() {
        return byId.values().iterator().next();
    }
}
