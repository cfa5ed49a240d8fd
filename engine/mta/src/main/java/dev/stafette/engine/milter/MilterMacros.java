// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.milter.MilterCommand;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.table.BraceWords;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which macros milters are sent with which command, and those values that are the same for all mail.
 * Thread: any (a value).
 *
 * @param names by command
 * @param defaults {@code milter_macro_defaults}, by name without braces: of macros that have no value else
 * @param daemonName {@code milter_macro_daemon_name}
 * @param version {@code milter_macro_v}
 * @param hostName {@code myhostname}
 */
public record MilterMacros(
        Map<MilterCommand, List<String>> names,
        Map<String, String> defaults,
        String daemonName,
        String version,
        String hostName) {
    static MilterMacros of(Settings settings) {
        Map<MilterCommand, List<String>> names = new EnumMap<>(MilterCommand.class);
        names.put(MilterCommand.CONNECT, settings.words("milter_connect_macros"));
        names.put(MilterCommand.HELO, settings.words("milter_helo_macros"));
        names.put(MilterCommand.MAIL, settings.words("milter_mail_macros"));
        names.put(MilterCommand.RCPT, settings.words("milter_rcpt_macros"));
        names.put(MilterCommand.DATA, settings.words("milter_data_macros"));
        names.put(MilterCommand.UNKNOWN, settings.words("milter_unknown_command_macros"));
        names.put(MilterCommand.END_OF_HEADER, settings.words("milter_end_of_header_macros"));
        names.put(MilterCommand.END_OF_BODY, settings.words("milter_end_of_data_macros"));
        return new MilterMacros(
                names,
                defaults(settings),
                settings.text("milter_macro_daemon_name"),
                settings.text("milter_macro_v"),
                settings.text("myhostname"));
    }

    /** {@code name=value}, or that in braces. */
    private static Map<String, String> defaults(Settings settings) {
        Map<String, String> defaults = new HashMap<>();
        for (String word : BraceWords.split(settings.text("milter_macro_defaults"))) {
            // {name}=value begins with a brace, too.
            boolean isWhole = word.startsWith("{") && word.endsWith("}");
            String text = isWhole ? BraceWords.inside(word) : word;
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw settings.bad("milter_macro_defaults", "name=value, or { name = value }");
            }
            defaults.put(
                    bare(LogicalLine.trim(text.substring(0, equals))), LogicalLine.trim(text.substring(equals + 1)));
        }
        return defaults;
    }

    private static String bare(String name) {
        return name.startsWith("{") && name.endsWith("}") ? name.substring(1, name.length() - 1) : name;
    }

    /** As milters know it: one letter, or in braces. */
    static String shown(String name) {
        String bare = bare(name);
        return bare.length() == 1 ? bare : '{' + bare + '}';
    }

    /** For that command; those of {@code wanted} hold where a milter has asked for some. A field goes with the header's, and the like. */
    List<String> namesFor(MilterCommand command, Map<MilterCommand, List<String>> wanted) {
        MilterCommand stage = switch (command) {
            case HEADER -> MilterCommand.END_OF_HEADER;
            case BODY -> MilterCommand.END_OF_BODY;
            default -> command;
        };
        List<String> own = wanted.get(stage);
        return own != null ? own : names.getOrDefault(stage, List.of());
    }

    /** Null: it is not sent. {@code name}: with or without braces. */
    @Nullable
    String value(String name, MacroSource source) {
        String bare = bare(name);
        String value = switch (bare) {
            case "j" -> hostName;
            case "v" -> version;
            case "daemon_name" -> daemonName;
            default -> source.value(bare);
        };
        return value == null ? defaults.get(bare) : value;
    }
}
