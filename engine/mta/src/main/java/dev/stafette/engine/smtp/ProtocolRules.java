// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.VerpRules;
import dev.stafette.codec.smtp.BareNewline;
import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommandSettings;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The protocol settings of the server.
 * Thread: any (a value).
 *
 * @param needsHello {@code smtpd_helo_required}
 * @param hasVrfy not {@code disable_vrfy_command}
 * @param noopCommands {@code smtpd_noop_commands}, in upper case
 * @param forbidsPipelining {@code smtpd_forbid_unauth_pipelining}
 * @param softBounce what would be 5xx is 4xx
 * @param verp what clients may ask for that {@code smtpd_authorized_verp_clients} lists
 * @param proxyTimeout how long a proxy may take to say whom it speaks for ({@code smtpd_upstream_proxy_protocol}); null:
 *     there is none
 */
public record ProtocolRules(
        SmtpCommandSettings commands,
        boolean needsHello,
        boolean hasVrfy,
        Set<String> noopCommands,
        BareNewline bareNewline,
        int bareNewlineCode,
        boolean forbidsPipelining,
        boolean softBounce,
        VerpRules verp,
        @Nullable Duration proxyTimeout) {
    public ProtocolRules {
        noopCommands = Set.copyOf(noopCommands);
    }

    public static ProtocolRules of(Settings settings) {
        SmtpCommandSettings commands = new SmtpCommandSettings(
                settings.count("line_length_limit"),
                settings.flag("strict_rfc821_envelopes"),
                settings.flag("smtputf8_enable"),
                settings.flag("strict_smtputf8"),
                HiddenKeywords.upperCase(settings.words("smtpd_discard_ehlo_keywords")),
                forbiddenCommands(settings.words("smtpd_forbidden_commands")),
                null,
                settings.addressAllowances(),
                settings.flag("requiretls_enable"));
        return new ProtocolRules(
                commands,
                settings.flag("smtpd_helo_required"),
                !settings.flag("disable_vrfy_command"),
                HiddenKeywords.upperCase(settings.words("smtpd_noop_commands")),
                bareNewline(settings.choice("smtpd_forbid_bare_newline")),
                settings.count("smtpd_forbid_bare_newline_reject_code"),
                settings.flag("smtpd_forbid_unauth_pipelining"),
                settings.flag("soft_bounce"),
                new VerpRules(settings.text("default_verp_delimiters"), settings.text("verp_delimiter_filter")),
                proxyTimeout(settings));
    }

    private static @Nullable Duration proxyTimeout(Settings settings) {
        return switch (settings.text("smtpd_upstream_proxy_protocol")) {
            case "" -> null;
            case "haproxy" -> settings.time("smtpd_upstream_proxy_timeout");
            default ->
                throw new ConfigException("parameter 'smtpd_upstream_proxy_protocol': "
                        + settings.text("smtpd_upstream_proxy_protocol") + " (expected: haproxy, or nothing)");
        };
    }

    /** Of patterns the default has one, which is built in. */
    private static Set<String> forbiddenCommands(List<String> words) {
        Set<String> forbidden = HiddenKeywords.upperCase(
                words.stream().filter(word -> word.indexOf(':') < 0).toList());
        if (words.stream().anyMatch(word -> word.indexOf(':') >= 0)) {
            forbidden.add(SmtpCommandSettings.NO_LETTER);
        }
        return forbidden;
    }

    /** {@code smtpd_discard_ehlo_keywords}, in upper case: of clients that no table has. */
    Set<String> hiddenKeywords() {
        return commands.hiddenKeywords();
    }

    /** It is answered with 250 and ignored ({@code smtpd_noop_commands}). */
    boolean isNoop(SmtpCommand command) {
        if (noopCommands.isEmpty()) {
            return false;
        }
        String word = command instanceof SmtpCommand.Unknown unknown
                ? unknown.text().split("\\s", 2)[0].toUpperCase(Locale.ROOT)
                : command.verb().name();
        return noopCommands.contains(word);
    }

    private static BareNewline bareNewline(String choice) {
        // "yes" is what the first release with the parameter had.
        return choice.equals("yes") ? BareNewline.NORMALIZE : BareNewline.valueOf(choice.toUpperCase(Locale.ROOT));
    }
}
