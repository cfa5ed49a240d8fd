// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The public test suite of ARC, where a copy is at hand: {@code -Darc.suite=FILE}, which is tests/arc-draft-validation-tests.yml of
 * github.com/ValiMail/arc_test_suite (MIT). All 175 cases of its last commit, f137dcb of 2018, agree. No registry of packages has it,
 * so that a build could fetch it; {@link ArcVectorsTest} is always run. It reads as much of YAML as that file has.
 */
@EnabledIfSystemProperty(named = "arc.suite", matches = ".+")
class ArcSuiteTest {
    private static final int MESSAGE_INDENT = 6;

    /** One test of the suite. */
    private record Case(String name, StringBuilder message, String[] expected) {}

    private final List<Case> cases = new ArrayList<>();
    private final Map<String, StringBuilder> records = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int count;

    @Test
    void agreesWithThePublicTestSuite() throws IOException {
        String key = "";
        boolean inMessage = false;
        boolean inRecords = false;
        for (String line : Files.readAllLines(Path.of(System.getProperty("arc.suite")))) {
            if (line.startsWith("---")) {
                check();
                inRecords = false;
            } else if (line.startsWith("txt-records:")) {
                inRecords = true;
                inMessage = false;
            } else if (inRecords && line.matches("  \\S+:.*")) {
                key = line.strip().replaceAll(":.*", "");
                records.put(key, new StringBuilder());
            } else if (inRecords) {
                records.get(key).append(line.strip()).append(' ');
            } else if (line.matches("  \\S+:\\s*")) {
                cases.add(new Case(line.strip().replace(":", ""), new StringBuilder(), new String[1]));
                inMessage = false;
            } else if (line.matches("    [a-z]+:.*")) {
                inMessage = line.strip().startsWith("message:");
                if (line.strip().startsWith("cv:")) {
                    last().expected[0] =
                            line.replaceAll(".*cv:\\s*\"?|\"?\\s*(#.*)?$", "").toLowerCase(Locale.ROOT);
                }
            } else if (inMessage) {
                last().message
                        .append(line.isBlank() ? "" : line.substring(MESSAGE_INDENT))
                        .append("\r\n");
            }
        }
        check();

        assertEquals(List.of(), wrong);
        assertEquals(175, count);
    }

    private Case last() {
        return cases.get(cases.size() - 1);
    }

    private void check() {
        for (Case one : cases) {
            if (one.expected[0] == null) {
                continue;
            }
            count++;
            try (VerifiedMail mail = VerifiedMail.ofMany()) {
                mail.configure("smtpd_authentication_methods = arc");
                records.forEach(
                        (name, text) -> mail.zone.text(name, text.toString().strip()));
                String wire = one.message.toString().replace("\r\n.", "\r\n..");
                String result = VerifiedMail.results(mail.take(wire + ".\r\n"));
                if (!result.startsWith("arc=" + (one.expected[0].equals("|") ? "fail" : one.expected[0]))) {
                    wrong.add(one.name + ": " + result + " (expected: " + one.expected[0] + ")");
                }
            }
        }
        cases.clear();
        records.clear();
    }
}
