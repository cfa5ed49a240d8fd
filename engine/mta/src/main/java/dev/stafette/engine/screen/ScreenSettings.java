// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.restriction.ReplyFooter;
import dev.stafette.engine.smtp.CommandFilter;
import dev.stafette.engine.smtp.HiddenKeywords;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that decides how one postscreen row of master.cf behaves.
 * Thread: any (a value).
 *
 * @param passService {@code smtpd_service_name}: whose sessions those get that pass
 * @param teaser {@code postscreen_greet_banner}; empty: nobody has to wait for the greeting
 * @param denyAction what becomes of who is not welcome
 * @param interfaces {@code postscreen_allowlist_interfaces}
 * @param calm how long a client has
 * @param stressed how long it has when connections are many
 * @param proxyTimeout null: there is no proxy
 * @param commandFilter null: none
 * @param hiddenKeywords what EHLO does not say
 */
public record ScreenSettings(
        String passService,
        String teaser,
        ScreenReplies replies,
        @Nullable ReplyFooter footer,
        TestRules tests,
        DnsblSites lists,
        ScreenAccess access,
        ScreenAction denyAction,
        NetworkList interfaces,
        Patience calm,
        Patience stressed,
        Limits limits,
        Protocol protocol,
        CacheRules cache,
        @Nullable Duration proxyTimeout,
        @Nullable CommandFilter commandFilter,
        HiddenKeywords hiddenKeywords,
        ServerTls tls) {
    /** How long the server waits: for the greeting to be waited for, and for each command. */
    record Patience(Duration greetWait, Duration commandTime) {
        static Patience of(Settings settings) {
            return new Patience(settings.time("postscreen_greet_wait"), settings.time("postscreen_command_time_limit"));
        }
    }

    /**
     * How many connections there may be.
     *
     * @param perClient 0: no limit
     * @param screened that are tested
     * @param waiting that have passed, and wait for a session
     */
    record Limits(int perClient, int screened, int waiting, int commands, int lineBytes) {
        private static final int TENTHS = 10;
        private static final int HIGH = 9;
        private static final int LOW = 7;

        static Limits of(Settings settings) {
            return new Limits(
                    settings.count("postscreen_client_connection_count_limit"),
                    settings.count("postscreen_pre_queue_limit"),
                    settings.count("postscreen_post_queue_limit"),
                    settings.count("postscreen_command_count_limit"),
                    settings.count("line_length_limit"));
        }

        /** From so many on, clients have less time. */
        int stressFrom() {
            return Math.max(1, (int) ((long) screened * HIGH / TENTHS));
        }

        /** With so few it ends. */
        int stressTo() {
            return (int) ((long) screened * LOW / TENTHS);
        }
    }

    /**
     * What clients without a session may do.
     *
     * @param forbidden commands of other protocols, in upper case
     * @param forbidsNonLetters what does not begin with a letter is one, too
     * @param saysAllowed {@code respectful_logging}
     * @param isWordingDefault nobody has set that
     */
    record Protocol(
            boolean needsHello,
            boolean hasVrfy,
            boolean softBounce,
            boolean smtpUtf8,
            Set<String> forbidden,
            boolean forbidsNonLetters,
            boolean saysAllowed,
            boolean isWordingDefault) {
        static Protocol of(Settings settings) {
            List<String> words = settings.words("postscreen_forbidden_commands");
            return new Protocol(
                    settings.flag("postscreen_helo_required"),
                    !settings.flag("postscreen_disable_vrfy_command"),
                    settings.flag("soft_bounce"),
                    settings.flag("smtputf8_enable"),
                    words.stream().map(word -> word.toUpperCase(Locale.ROOT)).collect(Collectors.toSet()),
                    words.stream().anyMatch(word -> word.indexOf(':') >= 0),
                    settings.flag("respectful_logging"),
                    !settings.isSet("respectful_logging"));
        }

        boolean forbids(String command) {
            return forbidden.contains(command.toUpperCase(Locale.ROOT))
                    || forbidsNonLetters && (command.isEmpty() || !Character.isLetter(command.charAt(0)));
        }
    }

    /**
     * Where who has passed is kept, and how long.
     *
     * @param name as main.cf has it
     * @param file null: nowhere
     * @param cleanup zero: never
     */
    record CacheRules(String name, @Nullable Path file, Duration cleanup, Duration retention) {
        static CacheRules of(Settings settings) {
            String name = settings.text("postscreen_cache_map");
            // Only one process writes it anyway.
            String spec = name.startsWith("proxy:") ? name.substring("proxy:".length()) : name;
            int colon = spec.indexOf(':');
            if (!spec.isEmpty() && (colon < 0 || colon == spec.length() - 1)) {
                throw settings.bad("postscreen_cache_map", "type:path");
            }
            return new CacheRules(
                    spec,
                    spec.isEmpty() ? null : Path.of(spec.substring(colon + 1) + ScreenCache.SUFFIX),
                    settings.time("postscreen_cache_cleanup_interval"),
                    settings.time("postscreen_cache_retention_time"));
        }
    }

    /** {@code settings}: main.cf; the overrides of the row are applied here. {@code tables}: opens those of its lists. */
    public static ScreenSettings of(Settings settings, ServiceRow row, ListTables tables, ServerContexts contexts) {
        Settings own = settings.forService(row);
        DnsblSites lists = DnsblSites.of(own, tables);
        return new ScreenSettings(
                own.text("smtpd_service_name"),
                own.text("postscreen_greet_banner"),
                new ScreenReplies(own),
                ReplyFooter.ofScreen(own, tables),
                TestRules.of(own, !lists.isEmpty()),
                lists,
                ScreenAccess.of(own, tables),
                ScreenAction.of(own, "postscreen_denylist_action"),
                own.networks("postscreen_allowlist_interfaces", tables),
                Patience.of(settings.forService(row.withStress(false))),
                Patience.of(settings.forService(row.withStress(true))),
                Limits.of(own),
                Protocol.of(own),
                CacheRules.of(own),
                proxyTimeout(own),
                CommandFilter.of(own, "postscreen_command_filter", tables),
                HiddenKeywords.of(
                        own,
                        "postscreen_discard_ehlo_keywords",
                        "postscreen_discard_ehlo_keyword_address_maps",
                        tables),
                ScreenTls.of(own, contexts));
    }

    private static @Nullable Duration proxyTimeout(Settings settings) {
        return switch (settings.text("postscreen_upstream_proxy_protocol")) {
            case "" -> null;
            case "haproxy" -> settings.time("postscreen_upstream_proxy_timeout");
            default -> throw settings.bad("postscreen_upstream_proxy_protocol", "haproxy, or nothing");
        };
    }
}
