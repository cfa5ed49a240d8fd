// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A list of cipher suites in OpenSSL's language (ciphers(1)), for those of TLS 1.2 and before that there is code for.
 * Thread: any (a value).
 *
 * <p>Words are separated by colons, commas or white space and worked on in their order: one adds what it means behind
 * what is there, {@code -} takes it away, {@code !} for good, {@code +} moves it to the end; {@code A+B} means what both
 * mean. {@code @STRENGTH} sorts by the length of keys; {@code @SECLEVEL} means nothing here, since nothing weak is left.
 *
 * @param suites in order of preference
 * @param unknown words that add and have no suite here
 */
public record CipherList(List<CipherSuite> suites, Set<String> unknown) {
    /** Words that add nothing here and are no loss, for what they add is anonymous, or is nothing anywhere today. */
    private static final Set<String> EMPTY_CLASSES = Set.of(
            "aNULL", "eNULL", "NULL", "MEDIUM", "LOW", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "COMPLEMENTOFALL");

    public CipherList {
        suites = List.copyOf(suites);
        unknown = Set.copyOf(unknown);
    }

    public static CipherList parse(String text) {
        List<CipherSuite> chosen = new ArrayList<>();
        Set<CipherSuite> killed = EnumSet.noneOf(CipherSuite.class);
        Set<String> unknown = new LinkedHashSet<>();
        for (String word : text.split("[\\s,:;]+")) {
            if (word.equals("@STRENGTH")) {
                chosen.sort(Comparator.comparingInt(CipherSuite::bits).reversed());
            }
            if (word.isEmpty() || word.charAt(0) == '@') {
                continue;
            }
            char sign = "+-!".indexOf(word.charAt(0)) < 0 ? ' ' : word.charAt(0);
            List<CipherSuite> meant = meant(sign == ' ' ? word : word.substring(1));
            apply(sign, meant, chosen, killed);
            if (sign == ' ' && meant.isEmpty() && !EMPTY_CLASSES.contains(word)) {
                unknown.add(word);
            }
        }
        return new CipherList(chosen, unknown);
    }

    private static void apply(char sign, List<CipherSuite> meant, List<CipherSuite> chosen, Set<CipherSuite> killed) {
        switch (sign) {
            case '+' -> {
                List<CipherSuite> moved = new ArrayList<>(chosen);
                moved.retainAll(meant);
                chosen.removeAll(meant);
                chosen.addAll(moved);
            }
            case '-' -> chosen.removeAll(meant);
            case '!' -> {
                chosen.removeAll(meant);
                killed.addAll(meant);
            }
            default -> {
                for (CipherSuite suite : meant) {
                    if (!chosen.contains(suite) && !killed.contains(suite)) {
                        chosen.add(suite);
                    }
                }
            }
        }
    }

    private static List<CipherSuite> meant(String word) {
        if (word.equals("DEFAULT")) {
            return meant("ALL");
        }
        String[] parts = word.split("\\+");
        return Arrays.stream(CipherSuite.values())
                .filter(suite -> !suite.isOfTls13())
                .filter(suite -> Arrays.stream(parts).allMatch(suite::is))
                .toList();
    }

    /** What is left when that is taken away, too. */
    public CipherList without(List<String> words) {
        List<CipherSuite> left = new ArrayList<>(suites);
        words.forEach(word -> left.removeAll(meant(word)));
        return new CipherList(left, unknown);
    }

    /** For a context: all of TLS 1.3, and these behind, as Java names them. */
    public List<String> javaNames() {
        List<String> names = new ArrayList<>();
        for (CipherSuite suite : CipherSuite.values()) {
            if (suite.isOfTls13()) {
                names.add(suite.javaName());
            }
        }
        suites.forEach(suite -> names.add(suite.javaName()));
        return names;
    }
}
