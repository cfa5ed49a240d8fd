// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.ValueType;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.policy.PolicySettings;
import dev.stafette.engine.table.BraceWords;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of one policy service: those of main.cf, and over them its own, {@code { inet:host:port, timeout=10s }}.
 * Thread: start-up and reload.
 */
final class PolicyOptions {
    /** Of the parameters in main.cf; a service leaves it out. */
    private static final String PREFIX = "smtpd_policy_service_";

    private static final List<String> NAMES = List.of(
            "timeout",
            "max_idle",
            "max_ttl",
            "request_limit",
            "try_limit",
            "retry_delay",
            "default_action",
            "policy_context");

    private static final ValueType.Time TIME = new ValueType.Time('s', 1, Integer.MAX_VALUE);

    private final Settings mainCf;
    private final Map<String, String> own = new HashMap<>();

    PolicyOptions(Settings mainCf) {
        this.mainCf = mainCf;
    }

    /** {@code word}: {@code name=value}, or that in braces where the value has white space. */
    void set(String word) {
        String text = word.startsWith("{") ? BraceWords.inside(word) : word;
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : LogicalLine.trim(text.substring(0, equals));
        if (equals < 0 || !NAMES.contains(name)) {
            throw new ConfigException("policy service: \"" + word + "\" (expected: one of " + String.join(", ", NAMES)
                    + ", with = and a value)");
        }
        own.put(PREFIX + name, LogicalLine.trim(text.substring(equals + 1)));
    }

    /** {@code name}: as in main.cf. */
    String text(String name) {
        return own.getOrDefault(name, mainCf.text(name));
    }

    PolicySettings settings() {
        return new PolicySettings(
                time("smtpd_policy_service_timeout"),
                time("smtpd_policy_service_max_idle"),
                time("smtpd_policy_service_max_ttl"),
                count("smtpd_policy_service_request_limit"),
                count("smtpd_policy_service_try_limit"),
                time("smtpd_policy_service_retry_delay"));
    }

    private Duration time(String name) {
        String text = own.get(name);
        if (text == null) {
            return mainCf.time(name);
        }
        Duration parsed = TIME.parse(text);
        if (parsed == null) {
            throw wrong(name, text, "a time");
        }
        return parsed;
    }

    private int count(String name) {
        String text = own.get(name);
        if (text == null) {
            return mainCf.count(name);
        }
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw wrong(name, text, "a number");
        }
    }

    private static ConfigException wrong(String name, String text, String expected) {
        return new ConfigException(
                "policy service: " + name.substring(PREFIX.length()) + "=" + text + " (expected: " + expected + ")");
    }
}
