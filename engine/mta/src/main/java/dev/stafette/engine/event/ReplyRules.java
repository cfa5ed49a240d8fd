// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Of which class what a server says is: the first line of the rules that fits decides.
 * Thread: any (it does not change).
 */
public final class ReplyRules {
    /** No rule fits. */
    public static final String UNCLASSIFIED = "unclassified";

    private static final String PARAMETER = "reply_class_rules";
    private static final String BUILT_IN = "reply-classes.txt";

    /** Of what is said; the rest is not looked at. */
    private static final int TEXT_MAX = 1000;

    private static final int RULES_MAX = 5000;

    /** A reply, or one that our own words quote. */
    private static final Pattern REPLY = Pattern.compile(
            "(?:^|said: |[\\s:'\"(#])([245]\\d\\d)[ -](?:#?([245]\\.\\d{1,3}\\.\\d{1,3})(?=[\\s:;,]|$))?");

    private final List<ReplyRule> rules;

    private ReplyRules(List<ReplyRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** Those of the file that main.cf names, and behind them those that are built in. */
    public static ReplyRules of(Settings settings) {
        List<ReplyRule> rules = new ArrayList<>();
        String file = settings.text(PARAMETER);
        try {
            if (!file.isEmpty()) {
                try (BufferedReader lines = Files.newBufferedReader(Path.of(file))) {
                    read(lines, rules);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw settings.bad(PARAMETER, "a file with rules: " + e.getMessage());
        }
        rules.addAll(builtIn().rules);
        return new ReplyRules(rules);
    }

    /** A ConfigException says what is wrong with the file, if there is one. */
    public static void check(Settings settings) {
        if (!settings.text(PARAMETER).isEmpty()) {
            of(settings);
        }
    }

    static ReplyRules builtIn() {
        List<ReplyRule> rules = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(ReplyRules.class.getResourceAsStream(BUILT_IN));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            read(lines, rules);
        } catch (IOException e) {
            throw new IllegalStateException(BUILT_IN + " is part of the program", e);
        }
        return new ReplyRules(rules);
    }

    private static void read(BufferedReader lines, List<ReplyRule> into) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (into.size() == RULES_MAX) {
                throw new IllegalArgumentException("more than " + RULES_MAX + " rules");
            }
            try {
                into.add(ReplyRule.parse(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
    }

    /** How many there are. */
    int size() {
        return rules.size();
    }

    /**
     * @param status that a report has beside the text; null: none
     * @param text a server's reply, or words with one in them
     * @param server its name; null: nobody knows
     */
    public String classify(@Nullable EnhancedStatus status, String text, @Nullable String server) {
        String said = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
        Matcher reply = REPLY.matcher(said);
        boolean isReply = reply.find();
        String code = isReply ? reply.group(1) : "";
        EnhancedStatus own = isReply && reply.group(2) != null ? EnhancedStatus.parsePrefix(reply.group(2)) : null;
        EnhancedStatus last = own == null ? status : own;
        String name = server == null ? "" : bare(server);
        String lowerCase = said.toLowerCase(Locale.ROOT);
        for (ReplyRule rule : rules) {
            if (rule.fits(code, last, name, said, lowerCase)) {
                return rule.className();
            }
        }
        return UNCLASSIFIED;
    }

    /** In lower case, and without what some put behind it: a dot, an address in parentheses. */
    private static String bare(String server) {
        int end = 0;
        while (end < server.length() && " \t([;".indexOf(server.charAt(end)) < 0) {
            end++;
        }
        end = end > 0 && server.charAt(end - 1) == '.' ? end - 1 : end;
        return server.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
