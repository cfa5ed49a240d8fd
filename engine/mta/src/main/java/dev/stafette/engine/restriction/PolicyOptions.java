// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.policy.PolicySettings;
import dev.stafette.engine.table.BraceWords;
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

    private final Settings settings;

    /** {@code words}: each {@code name=value}, or that in braces where the value has white space. */
    PolicyOptions(Settings mainCf, List<String> words) {
        Map<String, String> own = new HashMap<>();
        words.forEach(word -> put(word, own));
        this.settings = mainCf.with(own, "policy service");
    }

    private static void put(String word, Map<String, String> own) {
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
        return settings.text(name);
    }

    PolicySettings settings() {
        return new PolicySettings(
                settings.time("smtpd_policy_service_timeout"),
                settings.time("smtpd_policy_service_max_idle"),
                settings.time("smtpd_policy_service_max_ttl"),
                settings.count("smtpd_policy_service_request_limit"),
                settings.count("smtpd_policy_service_try_limit"),
                settings.time("smtpd_policy_service_retry_delay"));
    }
}
