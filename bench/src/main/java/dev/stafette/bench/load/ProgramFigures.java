// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers of the JSON line that a program prints at its end.
 * Thread: any (a value).
 */
record ProgramFigures(Map<String, Double> numbers) {
    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\":\\s*(-?[0-9.]+)");

    /** Blocks until the process has ended. */
    static ProgramFigures of(Process process) throws IOException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Double> numbers = new HashMap<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            numbers.put(matcher.group(1), Double.parseDouble(matcher.group(2)));
        }
        if (numbers.isEmpty()) {
            throw new IOException("no figures from " + process.info().command().orElse("the program") + ": " + text);
        }
        return new ProgramFigures(numbers);
    }

    double number(String name) {
        return numbers.getOrDefault(name, 0.0);
    }

    long count(String name) {
        return Math.round(number(name));
    }
}
