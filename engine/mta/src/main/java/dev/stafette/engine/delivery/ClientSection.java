// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.smtp.ClientHabits;
import dev.stafette.delivery.smtp.LmtpSettings;
import dev.stafette.delivery.smtp.SessionReuse;
import dev.stafette.delivery.smtp.SmtpClientSettings;
import dev.stafette.delivery.smtp.SmtpClientSettings.HelloMode;
import dev.stafette.delivery.smtp.SmtpTimeouts;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.IpText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf and a row of master.cf say to a client of SMTP or LMTP.
 * Thread: start-up and reload.
 */
public final class ClientSection {
    private ClientSection() {}

    /** {@code settings}: those of the client's master.cf row. {@code logins}: null: it logs in nowhere. */
    public static SmtpClientSettings of(Settings settings, @Nullable ClientLogins logins) {
        return new SmtpClientSettings(
                settings.text("myhostname"),
                settings.text("smtp_helo_name"),
                helloMode(settings),
                settings.flag("smtp_skip_5xx_greeting"),
                port(settings),
                settings.count("smtp_mx_session_limit"),
                settings.count("smtp_line_length_limit"),
                !settings.flag("disable_mime_output_conversion"),
                bindAddress(settings, "smtp_bind_address", true),
                bindAddress(settings, "smtp_bind_address6", false),
                timeouts(settings),
                reuse(settings),
                String.join(",", settings.words("smtp_fallback_relay")),
                settings.flag("smtp_send_xforward_command"),
                logins,
                settings.isOfLmtp() ? lmtp(settings) : null,
                ClientHabits.USUAL);
    }

    private static LmtpSettings lmtp(Settings settings) {
        return new LmtpSettings(settings.flag("lmtp_assume_final"), settings.queueDirectory());
    }

    private static HelloMode helloMode(Settings settings) {
        if (settings.isOfLmtp()) {
            // There is no choice.
            return HelloMode.ALWAYS_EHLO;
        }
        if (settings.flag("smtp_never_send_ehlo")) {
            return HelloMode.NEVER_EHLO;
        }
        return settings.flag("smtp_always_send_ehlo") ? HelloMode.ALWAYS_EHLO : HelloMode.EHLO_WHEN_GREETED;
    }

    private static int port(Settings settings) {
        int port = settings.ports().portOf(settings.text("smtp_tcp_port"));
        if (port < 1) {
            throw settings.bad("smtp_tcp_port", "a port, or a name of /etc/services");
        }
        return port;
    }

    private static @Nullable InetAddress bindAddress(Settings settings, String name, boolean ipv4) {
        String text = settings.text(name);
        if (text.isEmpty()) {
            return onlyInterface(settings, ipv4);
        }
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        InetAddress address = IpText.parse(isBracketed ? text.substring(1, text.length() - 1) : text);
        if (address == null || address instanceof Inet4Address != ipv4) {
            throw settings.bad(name, ipv4 ? "an IPv4 address" : "an IPv6 address");
        }
        return address;
    }

    /** Of a virtual host, which listens on one address: its mail comes from there. Null: the system's choice. */
    private static @Nullable InetAddress onlyInterface(Settings settings, boolean ipv4) {
        List<InetAddress> own = settings.interfaces().stream()
                .map(Host.OwnAddress::address)
                .filter(address -> address instanceof Inet4Address == ipv4)
                .distinct()
                .toList();
        return own.size() == 1 && !own.get(0).isLoopbackAddress() ? own.get(0) : null;
    }

    private static SmtpTimeouts timeouts(Settings settings) {
        return new SmtpTimeouts(
                settings.time("smtp_connect_timeout"),
                settings.time("smtp_helo_timeout"),
                settings.time("smtp_xforward_timeout"),
                settings.time("smtp_mail_timeout"),
                settings.time("smtp_rcpt_timeout"),
                settings.time("smtp_data_init_timeout"),
                settings.time("smtp_data_xfer_timeout"),
                settings.time("smtp_data_done_timeout"),
                settings.time("smtp_rset_timeout"));
    }

    private static SessionReuse reuse(Settings settings) {
        // A session that one sender has logged in for is not for another.
        boolean isOneSenders =
                settings.flag("smtp_sasl_auth_enable") && settings.flag("smtp_sender_dependent_authentication");
        boolean isKept = settings.flag("smtp_connection_cache_on_demand")
                || !settings.words("smtp_connection_cache_destinations").isEmpty();
        if (isOneSenders || !isKept) {
            return SessionReuse.NONE;
        }
        return new SessionReuse(
                settings.time("smtp_connection_cache_time_limit"),
                settings.count("smtp_connection_reuse_count_limit"),
                settings.time("smtp_connection_reuse_time_limit"),
                settings.flag("smtp_pipeline_next_message"));
    }
}
