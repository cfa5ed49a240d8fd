// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.route.NextHop;
import dev.stafette.delivery.smtp.ClientHabits;
import dev.stafette.delivery.smtp.ServerErrors;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf and a row of master.cf say of dealings that few clients have.
 * Thread: start-up and reload.
 */
final class HabitsSection {
    private static final int ANY_PORT = 25;

    /** RFC 8314 §3.3. */
    private static final int SMTPS_PORT = 465;

    private HabitsSection() {}

    /** {@code notices}, {@code warnings}: get what is logged of it; {@code errors}: null: nobody is told of servers' errors. */
    static ClientHabits of(
            Settings settings,
            ListTables tables,
            Consumer<String> notices,
            Consumer<String> warnings,
            @Nullable ServerErrors errors) {
        return new ClientHabits(
                settings.flag("smtp_bind_address_enforce"),
                settings.flag("smtp_quote_rfc821_envelope"),
                settings.flag("smtp_send_dummy_mail_auth") && settings.flag("smtp_sasl_auth_enable"),
                settings.choice("smtp_address_verify_target").equals("data"),
                settings.flag("smtp_per_request_deadline") ? settings.count("smtp_min_data_rate") : 0,
                ServerTables.of(settings, tables, warnings),
                settings.time("smtp_pix_workaround_delay_time"),
                settings.time("smtp_pix_workaround_threshold_time"),
                replyFilter(settings.tables("smtp_reply_filter", tables), notices, warnings),
                keptDestinations(settings, tables),
                onPort(settings, notices),
                RequireTlsTables.of(settings, tables, warnings),
                settings.flag("tls_required_enable"),
                settings.ports()::portOf,
                settings.flag("soft_bounce"),
                errors);
    }

    /** A client that waits for a greeting there waits for nothing. */
    private static IntConsumer onPort(Settings settings, Consumer<String> notices) {
        if (!settings.flag("helpful_warnings") || settings.flag("smtp_tls_wrappermode")) {
            return port -> {};
        }
        String client = settings.isOfLmtp() ? "lmtp" : "smtp";
        String text = "SMTPS wrappermode (TCP port 465) requires setting \"" + client
                + "_tls_wrappermode = yes\", and \"" + client + "_tls_security_level = encrypt\" (or stronger)";
        return port -> {
            if (port == SMTPS_PORT) {
                notices.accept(text);
            }
        };
    }

    private static @Nullable BinaryOperator<String> replyFilter(
            List<Table> filter, Consumer<String> notices, Consumer<String> warnings) {
        if (filter.isEmpty()) {
            return null;
        }
        return (relay, line) -> {
            TableAnswer answer = AddressKeys.findKey(filter, line, Inquiry.AT_ONCE);
            if (answer.isUnavailable()) {
                warnings.accept(relay + ": table smtp_reply_filter: lookup error for " + line);
            }
            if (!answer.isFound()) {
                return line;
            }
            notices.accept(relay + ": replacing server reply \"" + line + "\" with \"" + answer.value() + "\"");
            return answer.value();
        };
    }

    /** Null where it is not asked for. */
    private static @Nullable Predicate<String> keptDestinations(Settings settings, ListTables tables) {
        List<String> words = settings.words("smtp_connection_cache_destinations");
        if (settings.flag("smtp_connection_cache_on_demand") || words.isEmpty()) {
            return null;
        }
        NameList names = NameList.read(words, settings.host()::read, tables);
        return nextHop -> names.find(name(nextHop), Inquiry.AT_ONCE).isFound();
    }

    /** Without brackets and port, as Postfix looks it up; of a socket the path. */
    private static String name(String nextHop) {
        String plain = nextHop.replaceFirst("^(unix|inet):", "");
        NextHop parsed = nextHop.startsWith("unix:") ? null : NextHop.parse(plain, ANY_PORT, any -> ANY_PORT);
        return parsed == null ? plain : parsed.host().toLowerCase(Locale.ROOT);
    }
}
