// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * MAIL and RCPT lines as the grammar has them (RFC 5321 §4.1.2) and as it has not: one char a byte. The same seed gives the
 * same lines.
 */
final class AddressLines {
    private static final String SPICE = "<<>>\"\"\\\\()[]@@..,;: \t%!|'a-x1";

    private final Map<String, List<String>> parts;
    private final String start;
    private final List<String> starts;
    private final List<String> parameters;

    private AddressLines(Map<String, List<String>> parts, String verb, String start) {
        this.parts = parts;
        this.start = start;
        this.starts = part(verb + " starts");
        this.parameters = part(verb + " parameters");
    }

    static List<String> mail(long seed, int count) throws IOException {
        return new AddressLines(read(), "mail", "MAIL FROM:").lines(seed, count);
    }

    static List<String> rcpt(long seed, int count) throws IOException {
        return new AddressLines(read(), "rcpt", "RCPT TO:").lines(seed, count);
    }

    private static Map<String, List<String>> read() throws IOException {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        List<String> part = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(AddressLines.class.getResourceAsStream("/smtp-lines/parts.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (line.startsWith("== ")) {
                    part = new ArrayList<>();
                    parts.put(line.substring(3), part);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    part.add(Dialogue.unescape(line.equals("\\c") ? "" : line));
                }
            }
        }
        return parts;
    }

    private List<String> part(String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    /** All the parts on their own, and then at random until there are so many. */
    private List<String> lines(long seed, int count) {
        Set<String> lines = new LinkedHashSet<>();
        for (String localPart : part("local parts")) {
            lines.add(start + "<" + localPart + "@a.test>");
            lines.add(start + "<" + localPart + "@b.test>");
            lines.add(start + "<" + localPart + ">");
            lines.add(start + localPart + "@b.test");
        }
        for (String domain : part("domains")) {
            lines.add(start + "<u@" + domain + ">");
            lines.add(start + "u@" + domain);
            lines.add(start + "<u%" + domain + "@b.test>");
        }
        for (String wrapping : part("wrappings")) {
            lines.add(start + wrapping.replace("$", "u@a.test"));
            lines.add(start + wrapping.replace("$", "\"a b\"@[127.0.0.1]"));
            lines.add(start + wrapping.replace("$", "u"));
        }
        for (String bare : part("bare")) {
            lines.add(start + bare);
        }
        for (String other : starts) {
            lines.add(other + "<u@a.test>");
            lines.add(other + "u@a.test SIZE=1");
        }
        for (String parameter : parameters) {
            lines.add(start + "<u@a.test> " + parameter);
            lines.add(start + "<u@\u00ce\u00b4.test> " + parameter);
        }
        Random random = new Random(seed);
        while (lines.size() < count) {
            lines.add(atRandom(random));
        }
        return new ArrayList<>(lines).subList(0, count);
    }

    private String atRandom(Random random) {
        String mailbox =
                pick(random, part("local parts")) + (random.nextInt(8) == 0 ? "" : "@" + pick(random, part("domains")));
        StringBuilder line = new StringBuilder(
                random.nextInt(3) == 0
                        ? "<" + mailbox + ">"
                        : pick(random, part("wrappings")).replace("$", mailbox));
        for (int i = random.nextInt(3); i > 0 && line.length() > 0; i--) {
            int at = random.nextInt(line.length());
            switch (random.nextInt(3)) {
                case 0 -> line.insert(at, SPICE.charAt(random.nextInt(SPICE.length())));
                case 1 -> line.deleteCharAt(at);
                default -> line.insert(at, line.charAt(at));
            }
        }
        if (random.nextInt(4) == 0) {
            line.append(' ').append(pick(random, parameters));
        }
        return start + line;
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
