// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.milter.MilterOptions;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.socket.ServerEndpoint;
import dev.stafette.engine.table.BraceWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One milter: where it is, how long it may take, and what happens without it.
 * Thread: any (a value).
 *
 * @param name as the configuration has it, for the log
 * @param offered version and protocol
 * @param ifUnavailable {@code milter_default_action}; null: mail goes on without it
 */
record MilterSettings(
        String name,
        ServerEndpoint endpoint,
        MilterOptions offered,
        Duration connectTimeout,
        Duration commandTimeout,
        Duration contentTimeout,
        @Nullable MilterVerdict ifUnavailable) {
    private static final String PREFIX = "milter_";
    private static final String PROTOCOL = "milter_protocol";
    private static final List<String> OWN =
            List.of("connect_timeout", "command_timeout", "content_timeout", "protocol", "default_action");

    private static final int NO_HEADER_REPLY = 0x80;

    /** A list of milters, each of which may have settings of its own: {@code { inet:host:port, default_action=accept }}. */
    static List<MilterSettings> parse(String list, Settings mainCf, Path queueDirectory) {
        List<MilterSettings> milters = new ArrayList<>();
        for (String word : BraceWords.split(list)) {
            if (!word.startsWith("{")) {
                milters.add(of(word, mainCf, queueDirectory));
                continue;
            }
            List<String> words = BraceWords.split(BraceWords.inside(word));
            if (words.isEmpty()) {
                throw new ConfigException("empty milter definition: \"" + list + "\"");
            }
            Map<String, String> own = new HashMap<>();
            words.subList(1, words.size()).forEach(setting -> put(setting, own));
            milters.add(of(words.get(0), mainCf.with(own, "milter " + words.get(0)), queueDirectory));
        }
        return milters;
    }

    private static void put(String word, Map<String, String> own) {
        String text = word.startsWith("{") ? BraceWords.inside(word) : word;
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : LogicalLine.trim(text.substring(0, equals));
        if (equals < 0 || !OWN.contains(name)) {
            throw new ConfigException(
                    "milter: \"" + word + "\" (expected: one of " + String.join(", ", OWN) + ", with = and a value)");
        }
        own.put(PREFIX + name, LogicalLine.trim(text.substring(equals + 1)));
    }

    private static MilterSettings of(String name, Settings settings, Path queueDirectory) {
        // The same by its older name.
        String address = name.startsWith("local:") ? "unix:" + name.substring("local:".length()) : name;
        ServerEndpoint endpoint = ServerEndpoint.parse(address, queueDirectory, settings.ports());
        if (endpoint == null) {
            throw new ConfigException(
                    "milter service \"" + name + "\" (expected: inet:host:port, inet:port, unix:path, or local:path)");
        }
        return new MilterSettings(
                name,
                endpoint,
                offered(settings),
                settings.time("milter_connect_timeout"),
                settings.time("milter_command_timeout"),
                settings.time("milter_content_timeout"),
                action(settings.choice("milter_default_action")));
    }

    private static MilterOptions offered(Settings settings) {
        int version = 0;
        int protocol = 0;
        for (String word : settings.words(PROTOCOL)) {
            int known = word.length() == 1 ? MilterOptions.protocolOf(word.charAt(0) - '0') : 0;
            if (word.equals("no_header_reply")) {
                protocol |= NO_HEADER_REPLY;
            } else if (known != 0 && version == 0) {
                version = word.charAt(0) - '0';
                protocol |= known;
            } else {
                throw badProtocol(settings);
            }
        }
        if (version == 0) {
            throw badProtocol(settings);
        }
        return new MilterOptions(version, MilterOptions.ALL_ACTIONS, protocol);
    }

    private static ConfigException badProtocol(Settings settings) {
        return settings.bad(PROTOCOL, "2, 3, 4 or 6, and no_header_reply if need be");
    }

    private static @Nullable MilterVerdict action(String word) {
        return switch (word) {
            case "accept" -> null;
            case "reject" -> MilterVerdict.UNAVAILABLE_FOR_GOOD;
            case "quarantine" -> MilterVerdict.HOLD;
            case "shutdown" -> MilterVerdict.SHUTDOWN;
            default -> MilterVerdict.TEMPFAIL;
        };
    }
}
