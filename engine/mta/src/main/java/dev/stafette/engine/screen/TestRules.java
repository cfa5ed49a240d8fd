// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.Settings;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which tests there are, and what they mean.
 * Thread: any (it does not change).
 */
final class TestRules {
    /**
     * Of one test.
     *
     * @param seconds a client that has passed need not again; of DNS lists, at least
     */
    private record Rule(ScreenAction action, long seconds) {}

    private final int wanted;
    private final Map<ScreenTest, Rule> rules = new EnumMap<>(ScreenTest.class);

    private TestRules(Settings settings, boolean hasLists) {
        int tests = settings.text("postscreen_greet_banner").isEmpty() ? 0 : ScreenTest.PREGREET.bit();
        tests |= hasLists ? ScreenTest.DNSBL.bit() : 0;
        tests |= settings.flag("postscreen_pipelining_enable") ? ScreenTest.PIPELINING.bit() : 0;
        tests |= settings.flag("postscreen_non_smtp_command_enable") ? ScreenTest.NON_SMTP_COMMAND.bit() : 0;
        tests |= settings.flag("postscreen_bare_newline_enable") ? ScreenTest.BARE_NEWLINE.bit() : 0;
        this.wanted = tests;
        add(ScreenTest.PREGREET, settings, "postscreen_greet_action", "postscreen_greet_ttl");
        add(ScreenTest.DNSBL, settings, "postscreen_dnsbl_action", "postscreen_dnsbl_min_ttl");
        add(ScreenTest.PIPELINING, settings, "postscreen_pipelining_action", "postscreen_pipelining_ttl");
        add(
                ScreenTest.NON_SMTP_COMMAND,
                settings,
                "postscreen_non_smtp_command_action",
                "postscreen_non_smtp_command_ttl");
        add(ScreenTest.BARE_NEWLINE, settings, "postscreen_bare_newline_action", "postscreen_bare_newline_ttl");
    }

    /** {@code hasLists}: of the DNS. */
    static TestRules of(Settings settings, boolean hasLists) {
        return new TestRules(settings, hasLists);
    }

    private void add(ScreenTest test, Settings settings, String action, String timeToLive) {
        rules.put(
                test,
                new Rule(
                        ScreenAction.of(settings, action),
                        settings.time(timeToLive).toSeconds()));
    }

    private Rule rule(ScreenTest test) {
        return Objects.requireNonNull(rules.get(test));
    }

    /** The tests that there are. */
    int wanted() {
        return wanted;
    }

    ScreenAction action(ScreenTest test) {
        return rule(test).action();
    }

    long seconds(ScreenTest test) {
        return rule(test).seconds();
    }

    /** The shortest time for which any test is passed. */
    long secondsMin() {
        return rules.values().stream().mapToLong(Rule::seconds).min().orElseThrow();
    }
}
