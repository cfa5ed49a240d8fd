// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import dev.stafette.engine.config.IpProtocols;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.names.ReplyFilter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What main.cf says about finding the addresses of a next hop.
 * Thread: start-up and reload.
 */
public final class RouteSection {
    private static final List<String> LEVELS = List.of("disabled", "enabled", "dnssec");

    private RouteSection() {}

    /** As the other, with the tables that it names. {@code notes}, {@code warnings}: what the log gets of them. */
    static RouteSettings of(Settings settings, ListTables tables, Consumer<String> notes, Consumer<String> warnings) {
        RouteSettings routes = of(settings);
        ReplyFilter filter = ReplyFilter.of(settings, "smtp_dns_reply_filter", tables, notes, warnings);
        return filter == null ? routes : routes.withFilter(filter);
    }

    /** {@code settings}: those of the client's master.cf row. */
    public static RouteSettings of(Settings settings) {
        List<String> lookups = lookups(settings);
        String level = supportLevel(settings);
        return new RouteSettings(
                lookups.contains("dns") && !level.equals("disabled"),
                level.equals("dnssec"),
                lookups.contains("native"),
                InetProtocols.valueOf(IpProtocols.of(settings).name()),
                AddressPreference.valueOf(
                        settings.choice("smtp_address_preference").toUpperCase(Locale.ROOT)),
                settings.flag("smtp_balance_inet_protocols"),
                settings.count("smtp_mx_address_limit"),
                settings.flag("ignore_mx_lookup_error"),
                settings.flag("smtp_defer_if_no_mx_address_found"),
                settings.flag("smtp_randomize_addresses"),
                null,
                settings.text("myhostname"),
                settings.ownAddresses());
    }

    /** Where it is empty, the older parameter decides. */
    private static String supportLevel(Settings settings) {
        String level = settings.text("smtp_dns_support_level");
        if (level.isEmpty()) {
            return settings.flag("disable_dns_lookups") ? "disabled" : "enabled";
        }
        if (!LEVELS.contains(level)) {
            throw settings.bad("smtp_dns_support_level", "disabled, enabled, dnssec, or nothing");
        }
        return level;
    }

    private static List<String> lookups(Settings settings) {
        List<String> words = settings.words("smtp_host_lookup");
        for (String word : words) {
            if (!word.equals("dns") && !word.equals("native")) {
                throw settings.bad("smtp_host_lookup", "dns, native, or both");
            }
        }
        return words;
    }
}
