// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.table.Inquiry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The public test suite of RFC 7208, which the openspf project has left (see rfc7208-tests.LICENSE). */
class SpfSuiteTest {
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private FakeZone zone = new FakeZone();
    private final List<String> wrong = new ArrayList<>();
    private int count;

    @Test
    void agreesWithThePublicTestSuite() throws IOException {
        for (String line : lines()) {
            String[] words = line.split("\t", -1);
            for (int i = 0; i < words.length; i++) {
                words[i] = unescaped(words[i]);
            }
            switch (words[0]) {
                case "group" -> zone = new FakeZone();
                case "zone" -> add(words[1].toLowerCase(Locale.ROOT), words[2], words[3]);
                case "test" -> check(words);
                default -> throw new IllegalStateException(line);
            }
        }

        assertEquals(List.of(), wrong);
        assertEquals(203, count);
    }

    private void add(String name, String type, String value) {
        if (value.equals("TIMEOUT")) {
            zone.fail(name);
            return;
        }
        switch (type) {
            case "A", "AAAA" -> zone.address(name, value);
            case "MX" -> {
                String[] parts = value.split(" ", -1);
                zone.mx(name, Integer.parseInt(parts[0]), parts[1]);
            }
            case "PTR" -> zone.pointer(name, value);
            case "TXT" -> zone.text(name, value);
            case "CNAME" -> zone.alias(name, value.toLowerCase(Locale.ROOT));
            default -> throw new IllegalStateException(type);
        }
    }

    private void check(String[] words) throws IOException {
        NameQuestions names = new NameQuestions(zone, HostsFile.of(List.of()));
        SpfCheck check = new SpfCheck(names, "receiver.test", () -> 1_000_000_000_000L);
        SpfAnswer answer = check.check(identity(words), Inquiry.BLOCKING);
        count++;
        if (!List.of(words[5].split(",")).contains(answer.result().word())) {
            wrong.add(words[1] + ": " + answer + " (expected: " + words[5] + ")");
        }
        if (words.length > 6) {
            String wanted = words[6].equals("DEFAULT") ? "" : words[6];
            if (!wanted.equals(answer.reason())) {
                wrong.add(words[1] + ": " + answer + " (expected: " + wanted + ")");
            }
        }
    }

    private static SpfIdentity identity(String[] words) throws IOException {
        String sender = words[4];
        int at = sender.lastIndexOf('@');
        String local = at <= 0 ? "postmaster" : sender.substring(0, at);
        String domain = sender.isEmpty() ? words[2] : sender.substring(at + 1);
        return new SpfIdentity(InetAddress.getByName(words[3]), words[2], local, domain, false);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = Objects.requireNonNull(SpfSuiteTest.class.getResourceAsStream("rfc7208-tests.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
